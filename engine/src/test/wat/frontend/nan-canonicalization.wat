;;! stage = ssa
;;! tunables = nan
(module
  (func $f (param f32 f64) (result f64)
    (f64.neg (f64.mul (f64.promote_f32 (local.get 0)) (local.get 1)))))
;; function 0 "f" (f32, f64) -> (f64) {
;; block0(v0: f32, v1: f64):
;;   v2 = promote v0
;;   v3 = fcmp.f64 ne v2, v2
;;   v4 = fconst.f64 0x7ff8000000000000
;;   v5 = select.f64 v3, v4, v2
;;   v6 = fmul.f64 v5, v1
;;   v7 = fcmp.f64 ne v6, v6
;;   v8 = fconst.f64 0x7ff8000000000000
;;   v9 = select.f64 v7, v8, v6
;;   v10 = fneg.f64 v9
;;   return v10
;; }
