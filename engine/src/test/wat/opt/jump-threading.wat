;;! stage = opt
;; Edges that decide the branch at their end lead past it: chains of && and ||, flags of loops, states, conditions tested before; SSA form is repaired.
(module
  (import "m" "f" (func $f (param i32) (result i32)))
  (memory 1)
  ;; (a < b && load(a)) || load(b) as a number, and a test of it
  (func $chain (param i32 i32) (result i32) (local i32)
    (if (i32.lt_s (local.get 0) (local.get 1))
      (then (local.set 2 (i32.load (local.get 0))))
      (else (local.set 2 (i32.const 0))))
    (if (i32.eqz (local.get 2))
      (then (local.set 2 (i32.load (local.get 1)))))
    (if (local.get 2)
      (then (drop (call $f (i32.const 1))))
      (else (drop (call $f (i32.const 2)))))
    (local.get 2))
  ;; a loop that ends by a flag
  (func $flag (param i32) (result i32) (local $go i32) (local $n i32)
    (local.set $go (i32.const 1))
    (loop $l
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (if (i32.eqz (call $f (local.get $n)))
        (then (local.set $go (i32.const 0))))
      (br_if $l (local.get $go)))
    (local.get $n))
  ;; a condition that was tested on one way only, and values that are used behind
  (func $again (param i32 i32) (result i32) (local $x i32)
    (if (local.get 1)
      (then
        (if (i32.gt_s (local.get 0) (i32.const 10))
          (then (drop (call $f (i32.const 1))))
          (else (drop (call $f (i32.const 2))))))
      (else (drop (call $f (i32.const 3)))))
    (local.set $x (i32.load (local.get 1)))
    (if (i32.gt_s (local.get 0) (i32.const 5))
      (then (drop (call $f (i32.const 4)))))
    (i32.add (local.get $x) (i32.const 1)))
  ;; a loop around a table: each state says which comes next
  (func $states (param i32) (result i32) (local $state i32) (local $n i32)
    (block $out
      (loop $l
        (block $two
          (block $one
            (block $zero
              (br_table $zero $one $two $out (local.get $state)))
            ;; state 0: stays as long as there is something
            (if (call $f (i32.const 0))
              (then (local.set $state (i32.const 0)) (br $l)))
            (local.set $state (i32.const 1)) (br $l))
          ;; state 1
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (local.set $state (select (i32.const 2) (i32.const 0) (call $f (i32.const 1)))) (br $l))
        ;; state 2: the end
        (local.set $state (i32.const 3)) (br $l)))
    (local.get $n))
)
;; function 1 "chain" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = icmp.i32 slt v0, v1
;;   br_if v2, block1, block12
;; block12:
;;   br block4
;; block1:
;;   v3 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   br_if v3, block11, block13
;; block13:
;;   br block4
;; block4:
;;   v8 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   br_if v8, block14, block8
;; block14:
;;   br block7(v8)
;; block11:
;;   br block7(v3)
;; block7(v22: i32):
;;   v10 = iconst.i32 1
;;   v11 = ctx_load.i64 int64, offset 88, region instance 0
;;   v12 = ctx_load.i64 int64, offset 96, region instance 0
;;   v13 = call_indirect (i32) -> (i32) v11, v12, v10
;;   br block9(v22)
;; block8:
;;   v14 = iconst.i32 2
;;   v15 = ctx_load.i64 int64, offset 88, region instance 0
;;   v16 = ctx_load.i64 int64, offset 96, region instance 0
;;   v17 = call_indirect (i32) -> (i32) v15, v16, v14
;;   br block9(v8)
;; block9(v23: i32):
;;   return v23
;; }
;; function 2 "flag" (i32) -> (i32) {
;; block0(v0: i32):
;;   v13 = iconst.i32 0
;;   v1 = iconst.i32 1
;;   br block1(v13)
;; block1(v2: i32):
;;   v4 = iadd.i32 v2, v1
;;   v5 = ctx_load.i64 int64, offset 88, region instance 0
;;   v6 = ctx_load.i64 int64, offset 96, region instance 0
;;   v7 = call_indirect (i32) -> (i32) v5, v6, v4
;;   br_if v7, block4, block5
;; block4:
;;   br block1(v4)
;; block5:
;;   return v4
;; }
;; function 3 "again" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   br_if v1, block1, block2
;; block1:
;;   v2 = iconst.i32 10
;;   v3 = icmp.i32 sgt v0, v2
;;   br_if v3, block3, block4
;; block3:
;;   v4 = iconst.i32 1
;;   v5 = ctx_load.i64 int64, offset 88, region instance 0
;;   v6 = ctx_load.i64 int64, offset 96, region instance 0
;;   v7 = call_indirect (i32) -> (i32) v5, v6, v4
;;   v25 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   br block7(v25)
;; block4:
;;   v8 = iconst.i32 2
;;   v9 = ctx_load.i64 int64, offset 88, region instance 0
;;   v10 = ctx_load.i64 int64, offset 96, region instance 0
;;   v11 = call_indirect (i32) -> (i32) v9, v10, v8
;;   br block6
;; block2:
;;   v12 = iconst.i32 3
;;   v13 = ctx_load.i64 int64, offset 88, region instance 0
;;   v14 = ctx_load.i64 int64, offset 96, region instance 0
;;   v15 = call_indirect (i32) -> (i32) v13, v14, v12
;;   br block6
;; block6:
;;   v16 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   v17 = iconst.i32 5
;;   v18 = icmp.i32 sgt v0, v17
;;   br_if v18, block12, block11
;; block12:
;;   br block7(v16)
;; block11:
;;   br block9(v16)
;; block7(v28: i32):
;;   v19 = iconst.i32 4
;;   v20 = ctx_load.i64 int64, offset 88, region instance 0
;;   v21 = ctx_load.i64 int64, offset 96, region instance 0
;;   v22 = call_indirect (i32) -> (i32) v20, v21, v19
;;   br block9(v28)
;; block9(v29: i32):
;;   v23 = iconst.i32 1
;;   v24 = iadd.i32 v29, v23
;;   return v24
;; }
;; function 4 "states" (i32) -> (i32) {
;; block0(v0: i32):
;;   v19 = iconst.i32 0
;;   br block1(v19, v19)
;; block1(v1: i32, v8: i32):
;;   v26 = iconst.i32 2
;;   v27 = icmp.i32 ult v1, v26
;;   br_if v27, block10, block11
;; block11:
;;   v30 = iconst.i32 3
;;   v31 = icmp.i32 ult v1, v30
;;   return v8
;; block10:
;;   v28 = iconst.i32 0
;;   v29 = icmp.i32 eq v1, v28
;;   br_if v29, block12, block3
;; block12:
;;   br block2
;; block2:
;;   v3 = ctx_load.i64 int64, offset 88, region instance 0
;;   v4 = ctx_load.i64 int64, offset 96, region instance 0
;;   v5 = call_indirect (i32) -> (i32) v3, v4, v19
;;   br_if v5, block13, block7
;; block13:
;;   br block2
;; block7:
;;   v7 = iconst.i32 1
;;   br block1(v7, v8)
;; block3:
;;   v9 = iconst.i32 1
;;   v10 = iadd.i32 v8, v9
;;   v11 = iconst.i32 2
;;   v14 = ctx_load.i64 int64, offset 88, region instance 0
;;   v15 = ctx_load.i64 int64, offset 96, region instance 0
;;   v16 = call_indirect (i32) -> (i32) v14, v15, v9
;;   v17 = select.i32 v16, v11, v19
;;   br block1(v17, v10)
;; }
