;;! stage = opt
;; Constants of addresses gather, and equal addresses are one.
(module
  (memory 1)
  (func $f (param i32) (result i32)
    (i32.add
      (i32.load offset=4 (i32.add (i32.add (local.get 0) (i32.const 8)) (i32.const 16)))
      (i32.load offset=8 (i32.add (local.get 0) (i32.const 24))))))
;; function 0 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   v10 = iconst.i32 24
;;   v4 = iadd.i32 v0, v10
;;   v5 = load.i32 v4, memory 0, int32_u, offset 4, region memory 0
;;   v8 = load.i32 v4, memory 0, int32_u, offset 8, region memory 0
;;   v9 = iadd.i32 v5, v8
;;   return v9
;; }
