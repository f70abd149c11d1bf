;;! stage = opt
;; Reversals of bytes, which compilers write as shifts and masks.
(module
  (func $swap32 (param i32) (result i32)
    (i32.or
      (i32.or
        (i32.shl (local.get 0) (i32.const 24))
        (i32.shl (i32.and (local.get 0) (i32.const 0xff00)) (i32.const 8)))
      (i32.or
        (i32.and (i32.shr_u (local.get 0) (i32.const 8)) (i32.const 0xff00))
        (i32.shr_u (local.get 0) (i32.const 24)))))
  (func $swap64 (param i64) (result i64)
    (i64.or
      (i64.or
        (i64.or
          (i64.shl (local.get 0) (i64.const 56))
          (i64.shl (i64.and (local.get 0) (i64.const 0xff00)) (i64.const 40)))
        (i64.or
          (i64.shl (i64.and (local.get 0) (i64.const 0xff0000)) (i64.const 24))
          (i64.shl (i64.and (local.get 0) (i64.const 0xff000000)) (i64.const 8))))
      (i64.or
        (i64.or
          (i64.and (i64.shr_u (local.get 0) (i64.const 8)) (i64.const 0xff000000))
          (i64.and (i64.shr_u (local.get 0) (i64.const 24)) (i64.const 0xff0000)))
        (i64.or
          (i64.and (i64.shr_u (local.get 0) (i64.const 40)) (i64.const 0xff00))
          (i64.shr_u (local.get 0) (i64.const 56))))))
  (func $swap16 (param i32) (result i32)
    (i32.and
      (i32.or
        (i32.shl (local.get 0) (i32.const 8))
        (i32.shr_u (i32.and (local.get 0) (i32.const 0xff00)) (i32.const 8)))
      (i32.const 0xffff)))
  ;; A mask that is one bit short.
  (func $almost (param i32) (result i32)
    (i32.or
      (i32.or
        (i32.shl (local.get 0) (i32.const 24))
        (i32.shl (i32.and (local.get 0) (i32.const 0x7f00)) (i32.const 8)))
      (i32.or
        (i32.and (i32.shr_u (local.get 0) (i32.const 8)) (i32.const 0xff00))
        (i32.shr_u (local.get 0) (i32.const 24)))))
  (func $back (param i32) (result i32)
    (i32.or
      (i32.and (local.get 0) (i32.const 0xffff))
      (i32.and (local.get 0) (i32.const 0xffff0000)))))
;; function 0 "swap32" (i32) -> (i32) {
;; block0(v0: i32):
;;   v15 = bswap.i32 v0
;;   return v15
;; }
;; function 1 "swap64" (i64) -> (i64) {
;; block0(v0: i64):
;;   v35 = bswap.i64 v0
;;   return v35
;; }
;; function 2 "swap16" (i32) -> (i32) {
;; block0(v0: i32):
;;   v10 = bswap.i32 v0
;;   v11 = iconst.i32 16
;;   v9 = ushr.i32 v10, v11
;;   return v9
;; }
;; function 3 "almost" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 24
;;   v2 = shl.i32 v0, v1
;;   v3 = iconst.i32 32512
;;   v4 = iand.i32 v0, v3
;;   v5 = iconst.i32 8
;;   v6 = shl.i32 v4, v5
;;   v7 = iadd.i32 v2, v6
;;   v9 = ushr.i32 v0, v5
;;   v10 = iconst.i32 65280
;;   v11 = iand.i32 v9, v10
;;   v13 = ushr.i32 v0, v1
;;   v14 = iadd.i32 v11, v13
;;   v15 = iadd.i32 v7, v14
;;   return v15
;; }
;; function 4 "back" (i32) -> (i32) {
;; block0(v0: i32):
;;   return v0
;; }
