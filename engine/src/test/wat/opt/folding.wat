;;! stage = opt
(module
  (func $integers (result i32)
    (i32.add (i32.mul (i32.const 6) (i32.const 7)) (i32.rotl (i32.const 1) (i32.const 33))))
  (func $floats (result f64) (f64.sqrt (f64.add (f64.const 1.5) (f64.const 2.5))))
  ;; The bits of a NaN are the processor's business.
  (func $nan (result f32) (f32.div (f32.const 0) (f32.const 0)))
  ;; A trap stays.
  (func $division (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
  (func $unused-trap (param i32) (drop (i32.div_u (i32.const 1) (local.get 0))))
  (func $unused-division (param i32) (drop (i32.div_u (local.get 0) (i32.const 3)))))
;; function 0 "integers" () -> (i32) {
;; block0:
;;   v6 = iconst.i32 44
;;   return v6
;; }
;; function 1 "floats" () -> (f64) {
;; block0:
;;   v3 = fconst.f64 0x4000000000000000
;;   return v3
;; }
;; function 2 "nan" () -> (f32) {
;; block0:
;;   v0 = fconst.f32 0x00000000
;;   v2 = fdiv.f32 v0, v0
;;   return v2
;; }
;; function 3 "division" () -> (i32) {
;; block0:
;;   v0 = iconst.i32 1
;;   v1 = iconst.i32 0
;;   v2 = udiv.i32 v0, v1
;;   return v2
;; }
;; function 4 "unused-trap" (i32) -> () {
;; block0(v0: i32):
;;   v1 = iconst.i32 1
;;   v2 = udiv.i32 v1, v0
;;   return
;; }
;; function 5 "unused-division" (i32) -> () {
;; block0(v0: i32):
;;   return
;; }
