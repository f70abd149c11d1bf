;;! stage = ssa
(module
  (type $pair (func (param i32 i64) (result i64 i32)))
  (func $swap (type $pair) (local.get 1) (local.get 0))
  (func $twice (param i32 i64) (result i64 i32)
    (local.get 0) (local.get 1)
    (block (type $pair)
      (call $swap)
      (br_if 0 (i32.const 1)))))
;; function 0 "swap" (i32, i64) -> (i64, i32) {
;; block0(v0: i32, v1: i64):
;;   return v1, v0
;; }
;; function 1 "twice" (i32, i64) -> (i64, i32) {
;; block0(v0: i32, v1: i64):
;;   v2, v3 = call function 0 (i32, i64) -> (i64, i32) v0, v1
;;   v4 = iconst.i32 1
;;   br_if v4, block2(v2, v3), block1
;; block1:
;;   br block2(v2, v3)
;; block2(v5: i64, v6: i32):
;;   return v5, v6
;; }
