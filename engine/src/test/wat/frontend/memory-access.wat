;;! stage = ssa
(module
  (memory 1)
  (func $f (param i32) (result i64)
    (i32.store8 offset=3 (local.get 0) (i32.load16_s offset=4294967295 (local.get 0)))
    (i64.store32 (local.get 0) (i64.load8_u (local.get 0)))
    (f32.store (local.get 0) (f32.load offset=8 (local.get 0)))
    (i64.load32_s (local.get 0))))
;; function 0 "f" (i32) -> (i64) {
;; block0(v0: i32):
;;   v1 = load.i32 v0, memory 0, int16_s, offset 4294967295, region memory 0
;;   store.i32 v0, v1, memory 0, int8_u, offset 3, region memory 0
;;   v2 = load.i64 v0, memory 0, int8_u, offset 0, region memory 0
;;   store.i64 v0, v2, memory 0, int32_u, offset 0, region memory 0
;;   v3 = load.f32 v0, memory 0, float32, offset 8, region memory 0
;;   store.f32 v0, v3, memory 0, float32, offset 0, region memory 0
;;   v4 = load.i64 v0, memory 0, int32_s, offset 0, region memory 0
;;   return v4
;; }
