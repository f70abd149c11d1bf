;;! stage = opt
;; A store goes where another one of the same bytes follows and nothing in between may look, or trap.
(module
  (memory 1)
  (type $point (struct (field (mut i32)) (field (mut i64))))
  (global $g (mut i32) (i32.const 0))
  (global $h (mut i32) (i32.const 0))
  (func $callee)
  (func $global (param i32)
    (global.set $g (i32.const 1))
    (global.set $h (i32.const 2))
    (global.set $g (local.get 0)))
  (func $forwarded (param i32) (result i32)
    (global.set $g (local.get 0))
    (global.get $g)
    (global.set $g (i32.const 3)))
  (func $call
    (global.set $g (i32.const 1))
    (call $callee)
    (global.set $g (i32.const 2)))
  (func $trap (param i32) (result i32)
    (global.set $g (i32.const 1))
    (i32.div_u (i32.const 1) (local.get 0))
    (global.set $g (i32.const 2)))
  (func $load_may_trap (param i32) (result i32)
    (global.set $g (i32.const 1))
    (i32.load (local.get 0))
    (global.set $g (i32.const 2)))
  (func $memory (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (i32.store (local.get 0) (i32.const 1))
    (i32.store (local.get 0) (i32.const 2))
    (local.get 1))
  (func $first_may_trap (param i32)
    (i32.store (local.get 0) (i32.const 1))
    (i32.store (local.get 0) (i32.const 2)))
  (func $wider_may_trap (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (i32.store (local.get 0) (i32.const 1))
    (i64.store (local.get 0) (i64.const 2))
    (local.get 1))
  (func $part (param i32) (result i32)
    (local i32)
    (local.set 1 (i32.load (local.get 0)))
    (i32.store (local.get 0) (i32.const 1))
    (i32.store8 (local.get 0) (i32.const 2))
    (i32.store16 (local.get 0) (i32.const 3))
    (local.get 1))
  (func $read_between (param i32 i32) (result i32)
    (local i32)
    (local.set 2 (i32.add (i32.load (local.get 0)) (i32.load (local.get 1))))
    (i32.store (local.get 0) (i32.const 1))
    (local.set 2 (i32.add (local.get 2) (i32.load (local.get 1))))
    (i32.store (local.get 0) (i32.const 2))
    (local.get 2))
  (func $field (param $x i32) (result (ref $point))
    (local $p (ref $point))
    (local.set $p (struct.new_default $point))
    (struct.set $point 0 (local.get $p) (local.get $x))
    (struct.set $point 1 (local.get $p) (i64.const 5))
    (local.get $p))
)
;; function 0 "callee" () -> () {
;; block0:
;;   return
;; }
;; function 1 "global" (i32) -> () {
;; block0(v0: i32):
;;   v2 = iconst.i32 2
;;   ctx_store.i32 v2, int32_u, offset 96, region global 1
;;   ctx_store.i32 v0, int32_u, offset 80, region global 0
;;   return
;; }
;; function 2 "forwarded" (i32) -> (i32) {
;; block0(v0: i32):
;;   v2 = iconst.i32 3
;;   ctx_store.i32 v2, int32_u, offset 80, region global 0
;;   return v0
;; }
;; function 3 "call" () -> () {
;; block0:
;;   v0 = iconst.i32 1
;;   ctx_store.i32 v0, int32_u, offset 80, region global 0
;;   call function 0 () -> ()
;;   v1 = iconst.i32 2
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   return
;; }
;; function 4 "trap" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 1
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   v3 = udiv.i32 v1, v0
;;   v4 = iconst.i32 2
;;   ctx_store.i32 v4, int32_u, offset 80, region global 0
;;   return v3
;; }
;; function 5 "load_may_trap" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 1
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   v2 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v3 = iconst.i32 2
;;   ctx_store.i32 v3, int32_u, offset 80, region global 0
;;   return v2
;; }
;; function 6 "memory" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v3 = iconst.i32 2
;;   store.i32 v0, v3, memory 0, int32_u, offset 0, region memory 0
;;   return v1
;; }
;; function 7 "first_may_trap" (i32) -> () {
;; block0(v0: i32):
;;   v1 = iconst.i32 1
;;   store.i32 v0, v1, memory 0, int32_u, offset 0, region memory 0
;;   v2 = iconst.i32 2
;;   store.i32 v0, v2, memory 0, int32_u, offset 0, region memory 0
;;   return
;; }
;; function 8 "wider_may_trap" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v2 = iconst.i32 1
;;   store.i32 v0, v2, memory 0, int32_u, offset 0, region memory 0
;;   v3 = iconst.i64 2
;;   store.i64 v0, v3, memory 0, int64, offset 0, region memory 0
;;   return v1
;; }
;; function 9 "part" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v2 = iconst.i32 1
;;   store.i32 v0, v2, memory 0, int32_u, offset 0, region memory 0
;;   v4 = iconst.i32 3
;;   store.i32 v0, v4, memory 0, int16_u, offset 0, region memory 0
;;   return v1
;; }
;; function 10 "read_between" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0
;;   v3 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   v4 = iadd.i32 v2, v3
;;   v5 = iconst.i32 1
;;   store.i32 v0, v5, memory 0, int32_u, offset 0, region memory 0
;;   v6 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   v7 = iadd.i32 v4, v6
;;   v8 = iconst.i32 2
;;   store.i32 v0, v8, memory 0, int32_u, offset 0, region memory 0
;;   return v7
;; }
;; function 11 "field" (i32) -> (ref) {
;; block0(v0: i32):
;;   v3 = iconst.i64 16
;;   v4 = ctx_load.i64 int64, offset 0, region instance 0
;;   v5 = raw_load.i64 v4, int64, offset 136, region store 0
;;   v6 = raw_load.i64 v4, int64, offset 128, region store 0
;;   v7 = isub.i64 v5, v6
;;   v8 = icmp.i64 slt v7, v3
;;   br_if v8, block1, block3
;; block3:
;;   br block2
;; block2:
;;   v9 = raw_load.ref v4, int64, offset 128, region store 0
;;   v10 = ref_address v9
;;   v11 = iadd.i64 v10, v3
;;   raw_store.i64 v4, v11, int64, offset 128, region store 0
;;   v12 = ctx_load.i32 int32_u, offset 112, region instance 0
;;   field_store.i32 v9, v12, int32_u, offset 0, region field 0
;;   field_store.i32 v9, v0, int32_u, offset 4, region field 4
;;   v15 = iconst.i64 5
;;   field_store.i64 v9, v15, int64, offset 8, region field 8
;;   return v9
;; block1 cold:
;;   call_builtin gc_room (i64) -> () v3
;;   br block2
;; }
