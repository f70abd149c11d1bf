;;! stage = opt
;; A store leaves what is known of other bytes at the same index, and nothing else: the loads at 0
;; and 8 go, those that overlap it or have another index stay.
(module
  (memory 1)
  (func $apart (param i32 i32) (result i32)
    (i32.store offset=8 (local.get 0) (i32.const 7))
    (i32.load (local.get 0))
    (i32.store offset=4 (local.get 0) (local.get 1))
    (i32.add (i32.load (local.get 0)))
    (i32.add (i32.load offset=8 (local.get 0))))
  (func $overlap (param i32 i32) (result i32)
    (i32.load (local.get 0))
    (i32.store8 offset=3 (local.get 0) (local.get 1))
    (i32.add (i32.load (local.get 0))))
  (func $other (param i32 i32) (result i32)
    (i32.load (local.get 0))
    (i32.store offset=4 (local.get 1) (i32.const 7))
    (i32.add (i32.load (local.get 0)))))
;; function 0 "apart" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 7
;;   store.i32 v0, v2, memory 0, int32_u, offset 8, region memory 0
;;   v3 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   store.i32 v0, v1, memory 0, int32_u, offset 4, region memory 0
;;   v5 = iadd.i32 v3, v3
;;   v7 = iadd.i32 v5, v2
;;   return v7
;; }
;; function 1 "overlap" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   store.i32 v0, v1, memory 0, int8_u, offset 3, region memory 0
;;   v3 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v4 = iadd.i32 v2, v3
;;   return v4
;; }
;; function 2 "other" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v3 = iconst.i32 7
;;   store.i32 v1, v3, memory 0, int32_u, offset 4, region memory 0
;;   v4 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v5 = iadd.i32 v2, v4
;;   return v5
;; }
