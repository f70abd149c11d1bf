;;! stage = ssa
;; Imported mutable globals share an alias class; immutable ones never change.
(module
  (import "m" "a" (global $a (mut i32)))
  (import "m" "b" (global $b (mut i32)))
  (import "m" "c" (global $c i64))
  (global $d (mut f64) (f64.const 1))
  (func $f (result f64)
    (global.set $a (global.get $b))
    (drop (global.get $c))
    (global.set $d (f64.add (global.get $d) (f64.const 0.5)))
    (global.get $d)))
;; function 0 "f" () -> (f64) {
;; block0:
;;   v0 = ctx_load.i64 int64, offset 48, region instance 0
;;   v1 = raw_load.i32 v0, int32_u, offset 0, region global 0
;;   v2 = ctx_load.i64 int64, offset 40, region instance 0
;;   raw_store.i32 v2, v1, int32_u, offset 0, region global 0
;;   v3 = ctx_load.i64 int64, offset 56, region instance 0
;;   v4 = raw_load.i64 v3, int64, offset 0, region instance 0
;;   v5 = ctx_load.f64 float64, offset 64, region global 3
;;   v6 = fconst.f64 0x3fe0000000000000
;;   v7 = fadd.f64 v5, v6
;;   ctx_store.f64 v7, float64, offset 64, region global 3
;;   v8 = ctx_load.f64 float64, offset 64, region global 3
;;   return v8
;; }
