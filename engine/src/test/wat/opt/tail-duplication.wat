;;! stage = opt
;; Small blocks that return are copied to where an argument makes them smaller; what folds nothing, traps, stores, is large or has many predecessors stays single, and diamonds become selections.
(module
  (import "m" "f" (func $f (param i32) (result i32)))
  (memory 1)
  ;; the comparison is known on one way
  (func $compare (param i32) (result i32)
    (i32.eq
      (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1))))
      (i32.const 7)))
  ;; the selection is decided on two of three ways, by different flags
  (func $select (param i32 i32 i32) (result i32) (local $flag i32)
    (block $out
      (if (i32.eqz (local.get 0))
        (then (local.set $flag (i32.const 1)) (drop (call $f (i32.const 1))) (br $out)))
      (if (i32.eqz (local.get 1))
        (then (drop (call $f (i32.const 2))) (br $out)))
      (local.set $flag (call $f (i32.const 3))))
    (select (local.get 1) (local.get 2) (local.get $flag)))
  ;; one operation goes, one stays; the constant is still what it was on the other way
  (func $mask (param i64 i32) (result i64)
    (i64.xor
      (local.get 0)
      (i64.extend_i32_u
        (if (result i32) (local.get 1)
          (then (i32.const -5)) (else (i32.load (local.get 1)))))))
  ;; the first of two results folds, the second is computed on both ways
  (func $pair (param i32 i32) (result i32 i32)
    (if (result i32) (local.get 0) (then (i32.const 3)) (else (call $f (i32.const 1))))
    (i32.const 4)
    i32.shl
    (i32.sub (local.get 0) (local.get 1)))
  ;; nothing gets smaller: a jump is shorter than a return
  (func $stays (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1)))))
  (func $stays_sum (param i32) (result i32)
    (i32.add (local.get 0)
      (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1))))))
  (func $stays_trap (param i32) (result i32)
    (i32.load
      (i32.shl
        (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1))))
        (i32.const 3))))
  (func $stays_store (param i32) (result i32) (local i32)
    (local.set 1
      (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1)))))
    (i32.store (i32.const 16) (local.get 1))
    (i32.eqz (local.get 1)))
  (func $stays_large (param i32) (result i32) (local i32)
    (local.set 1
      (if (result i32) (local.get 0) (then (i32.const 7)) (else (call $f (i32.const 1)))))
    (i32.eqz (i32.mul (i32.xor (local.get 1) (local.get 0)) (i32.add (local.get 1) (local.get 0)))))
  (func $stays_with_many (param i32) (result i32) (local i32)
    (block $out
      (block $4 (block $3 (block $2 (block $1 (block $0
        (br_table $0 $1 $2 $3 $4 (local.get 0)))
        (local.set 1 (call $f (i32.const 1))) (br $out))
        (local.set 1 (call $f (i32.const 2))) (br $out))
        (local.set 1 (call $f (i32.const 3))) (br $out))
        (local.set 1 (call $f (i32.const 4))) (br $out))
      (drop (call $f (i32.const 5)))
      (local.set 1 (i32.const 9)))
    (i32.eq (local.get 1) (i32.const 9)))
  ;; for if-conversion
  (func $diamond (param i32 i32) (result i32)
    (i32.shl
      (if (result i32) (i32.lt_s (local.get 0) (local.get 1))
        (then (i32.const 7)) (else (local.get 1)))
      (i32.const 2)))
)
;; function 1 "compare" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v11 = iconst.i32 1
;;   return v11
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = ctx_load.i64 int64, offset 104, region instance 0
;;   v5 = ctx_load.i64 int64, offset 112, region instance 0
;;   v6 = call_indirect (i32) -> (i32) v4, v5, v3
;;   v7 = iconst.i32 7
;;   v8 = icmp.i32 eq v6, v7
;;   return v8
;; }
;; function 2 "select" (i32, i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32, v2: i32):
;;   br_if v0, block2, block1
;; block1:
;;   v5 = iconst.i32 1
;;   v7 = ctx_load.i64 int64, offset 104, region instance 0
;;   v8 = ctx_load.i64 int64, offset 112, region instance 0
;;   v9 = call_indirect (i32) -> (i32) v7, v8, v5
;;   return v1
;; block2:
;;   br_if v1, block5, block4
;; block4:
;;   v12 = iconst.i32 2
;;   v13 = ctx_load.i64 int64, offset 104, region instance 0
;;   v14 = ctx_load.i64 int64, offset 112, region instance 0
;;   v15 = call_indirect (i32) -> (i32) v13, v14, v12
;;   return v2
;; block5:
;;   v16 = iconst.i32 3
;;   v17 = ctx_load.i64 int64, offset 104, region instance 0
;;   v18 = ctx_load.i64 int64, offset 112, region instance 0
;;   v19 = call_indirect (i32) -> (i32) v17, v18, v16
;;   v22 = select.i32 v19, v1, v2
;;   return v22
;; }
;; function 3 "mask" (i64, i32) -> (i64) {
;; block0(v0: i64, v1: i32):
;;   br_if v1, block1, block2
;; block1:
;;   v8 = iconst.i64 4294967291
;;   v9 = ixor.i64 v0, v8
;;   return v9
;; block2:
;;   v4 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   v5 = uextend v4
;;   v6 = ixor.i64 v0, v5
;;   return v6
;; }
;; function 4 "pair" (i32, i32) -> (i32, i32) {
;; block0(v0: i32, v1: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v13 = iconst.i32 48
;;   v14 = isub.i32 v0, v1
;;   return v13, v14
;; block2:
;;   v4 = iconst.i32 1
;;   v5 = ctx_load.i64 int64, offset 104, region instance 0
;;   v6 = ctx_load.i64 int64, offset 112, region instance 0
;;   v7 = call_indirect (i32) -> (i32) v5, v6, v4
;;   v8 = iconst.i32 4
;;   v9 = shl.i32 v7, v8
;;   v10 = isub.i32 v0, v1
;;   return v9, v10
;; }
;; function 5 "stays" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v1 = iconst.i32 7
;;   br block3(v1)
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = ctx_load.i64 int64, offset 104, region instance 0
;;   v5 = ctx_load.i64 int64, offset 112, region instance 0
;;   v6 = call_indirect (i32) -> (i32) v4, v5, v3
;;   br block3(v6)
;; block3(v2: i32):
;;   return v2
;; }
;; function 6 "stays_sum" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v1 = iconst.i32 7
;;   br block3(v1)
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = ctx_load.i64 int64, offset 104, region instance 0
;;   v5 = ctx_load.i64 int64, offset 112, region instance 0
;;   v6 = call_indirect (i32) -> (i32) v4, v5, v3
;;   br block3(v6)
;; block3(v2: i32):
;;   v7 = iadd.i32 v0, v2
;;   return v7
;; }
;; function 7 "stays_trap" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v1 = iconst.i32 7
;;   br block3(v1)
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = ctx_load.i64 int64, offset 104, region instance 0
;;   v5 = ctx_load.i64 int64, offset 112, region instance 0
;;   v6 = call_indirect (i32) -> (i32) v4, v5, v3
;;   br block3(v6)
;; block3(v2: i32):
;;   v7 = iconst.i32 3
;;   v8 = shl.i32 v2, v7
;;   v9 = load.i32 v8, memory 0, int32_u, offset 0, region memory 0
;;   return v9
;; }
;; function 8 "stays_store" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v1 = iconst.i32 7
;;   br block3(v1)
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = ctx_load.i64 int64, offset 104, region instance 0
;;   v5 = ctx_load.i64 int64, offset 112, region instance 0
;;   v6 = call_indirect (i32) -> (i32) v4, v5, v3
;;   br block3(v6)
;; block3(v2: i32):
;;   v7 = iconst.i32 16
;;   store.i32 v7, v2, memory 0, int32_u, offset 0, region memory 0
;;   v8 = iconst.i32 0
;;   v9 = icmp.i32 eq v2, v8
;;   return v9
;; }
;; function 9 "stays_large" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v1 = iconst.i32 7
;;   br block3(v1)
;; block2:
;;   v3 = iconst.i32 1
;;   v4 = ctx_load.i64 int64, offset 104, region instance 0
;;   v5 = ctx_load.i64 int64, offset 112, region instance 0
;;   v6 = call_indirect (i32) -> (i32) v4, v5, v3
;;   br block3(v6)
;; block3(v2: i32):
;;   v7 = ixor.i32 v2, v0
;;   v8 = iadd.i32 v2, v0
;;   v9 = imul.i32 v7, v8
;;   v10 = iconst.i32 0
;;   v11 = icmp.i32 eq v9, v10
;;   return v11
;; }
;; function 10 "stays_with_many" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_table v0, block1, block2, block3, block4, block5
;; block1:
;;   v1 = iconst.i32 1
;;   v2 = ctx_load.i64 int64, offset 104, region instance 0
;;   v3 = ctx_load.i64 int64, offset 112, region instance 0
;;   v4 = call_indirect (i32) -> (i32) v2, v3, v1
;;   br block6(v4)
;; block2:
;;   v5 = iconst.i32 2
;;   v6 = ctx_load.i64 int64, offset 104, region instance 0
;;   v7 = ctx_load.i64 int64, offset 112, region instance 0
;;   v8 = call_indirect (i32) -> (i32) v6, v7, v5
;;   br block6(v8)
;; block3:
;;   v9 = iconst.i32 3
;;   v10 = ctx_load.i64 int64, offset 104, region instance 0
;;   v11 = ctx_load.i64 int64, offset 112, region instance 0
;;   v12 = call_indirect (i32) -> (i32) v10, v11, v9
;;   br block6(v12)
;; block4:
;;   v13 = iconst.i32 4
;;   v14 = ctx_load.i64 int64, offset 104, region instance 0
;;   v15 = ctx_load.i64 int64, offset 112, region instance 0
;;   v16 = call_indirect (i32) -> (i32) v14, v15, v13
;;   br block6(v16)
;; block5:
;;   v17 = iconst.i32 5
;;   v18 = ctx_load.i64 int64, offset 104, region instance 0
;;   v19 = ctx_load.i64 int64, offset 112, region instance 0
;;   v20 = call_indirect (i32) -> (i32) v18, v19, v17
;;   v21 = iconst.i32 9
;;   br block6(v21)
;; block6(v22: i32):
;;   v23 = iconst.i32 9
;;   v24 = icmp.i32 eq v22, v23
;;   return v24
;; }
;; function 11 "diamond" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = icmp.i32 slt v0, v1
;;   v3 = iconst.i32 7
;;   v7 = select.i32 v2, v3, v1
;;   v5 = iconst.i32 2
;;   v6 = shl.i32 v7, v5
;;   return v6
;; }
