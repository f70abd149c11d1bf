;;! stage = opt
;; A store goes where every way overwrites its bytes before anybody may look: over branches, not over calls, traps, reads, returns or the round of a loop.
(module
  (memory 1)
  (type $point (struct (field (mut i32)) (field (mut i64))))
  (global $g (mut i32) (i32.const 0))
  (func $callee)
  (func $both_ways (param i32)
    (global.set $g (i32.const 1))
    (if (local.get 0)
      (then (global.set $g (i32.const 2)))
      (else (global.set $g (i32.const 3)))))
  (func $one_way (param i32)
    (global.set $g (i32.const 1))
    (if (local.get 0)
      (then (global.set $g (i32.const 2)) (call $callee))))
  (func $call_on_one_way (param i32)
    (global.set $g (i32.const 1))
    (if (local.get 0) (then (call $callee)))
    (global.set $g (i32.const 2)))
  (func $read_on_one_way (param i32) (result i32) (local i32)
    (global.set $g (i32.const 1))
    (if (local.get 0) (then (local.set 1 (i32.load (i32.const 8)))) (else (i32.store (i32.const 8) (i32.const 1))))
    (global.set $g (i32.const 2))
    (local.get 1))
  (func $trap_on_one_way (param i32 i32) (result i32) (local i32)
    (global.set $g (i32.const 1))
    (if (local.get 0) (then (local.set 2 (i32.load (local.get 1)))) (else (call $callee)))
    (global.set $g (i32.const 2))
    (local.get 2))
  (func $memory (param i32 i32) (local i32)
    (local.set 2 (i32.load offset=8 (local.get 0)))
    (i32.store (local.get 0) (i32.const 1))
    (if (local.get 1)
      (then (i32.store offset=4 (local.get 0) (local.get 2))
            (i64.store (local.get 0) (i64.const 2)))
      (else (i32.store (local.get 0) (i32.load offset=4 (local.get 0))))))
  (func $memory_may_trap (param i32 i32)
    (i32.store (local.get 0) (i32.const 1))
    (if (local.get 1)
      (then (i32.store (local.get 0) (i32.const 2)))
      (else (i32.store (local.get 0) (i32.const 3)))))
  (func $static (param i32)
    (i32.store (i32.const 1024) (i32.const 1))
    (if (local.get 0)
      (then (i32.store (i32.const 1024) (i32.const 2)))
      (else (i32.store (i32.const 1024) (i32.const 3)))))
  (func $wider_outside (param i32)
    (i32.store (i32.const 65532) (i32.const 1))
    (if (local.get 0)
      (then (i64.store (i32.const 65532) (i64.const 2)))
      (else (i32.store (i32.const 65532) (i32.const 3)))))
  (func $loop (param i32)
    (loop $l
      (global.set $g (i32.const 1))
      (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (global.set $g (i32.const 2)))
  (func $field (param $c i32) (result (ref $point)) (local $p (ref $point))
    (local.set $p (struct.new $point (i32.const 7) (i64.const 8)))
    (if (local.get $c)
      (then (struct.set $point 0 (local.get $p) (i32.const 1)))
      (else (struct.set $point 0 (local.get $p) (i32.const 2))))
    (local.get $p))
)
;; function 0 "callee" () -> () {
;; block0:
;;   return
;; }
;; function 1 "both_ways" (i32) -> () {
;; block0(v0: i32):
;;   br_if v0, block1, block2
;; block1:
;;   v2 = iconst.i32 2
;;   ctx_store.i32 v2, int32_u, offset 80, region global 0
;;   br block3
;; block2:
;;   v3 = iconst.i32 3
;;   ctx_store.i32 v3, int32_u, offset 80, region global 0
;;   br block3
;; block3:
;;   return
;; }
;; function 2 "one_way" (i32) -> () {
;; block0(v0: i32):
;;   v1 = iconst.i32 1
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   br_if v0, block1, block4
;; block4:
;;   br block3
;; block1:
;;   v2 = iconst.i32 2
;;   ctx_store.i32 v2, int32_u, offset 80, region global 0
;;   call function 0 () -> ()
;;   br block3
;; block3:
;;   return
;; }
;; function 3 "call_on_one_way" (i32) -> () {
;; block0(v0: i32):
;;   v1 = iconst.i32 1
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   br_if v0, block1, block4
;; block4:
;;   br block3
;; block1:
;;   call function 0 () -> ()
;;   br block3
;; block3:
;;   v2 = iconst.i32 2
;;   ctx_store.i32 v2, int32_u, offset 80, region global 0
;;   return
;; }
;; function 4 "read_on_one_way" (i32) -> (i32) {
;; block0(v0: i32):
;;   v8 = iconst.i32 0
;;   v1 = iconst.i32 1
;;   br_if v0, block1, block2
;; block1:
;;   v2 = iconst.i32 8
;;   v3 = load.i32 v2, memory 0, int32_u, offset 0, region memory 0
;;   br block3(v3)
;; block2:
;;   v4 = iconst.i32 8
;;   store.i32 v4, v1, memory 0, int32_u, offset 0, region memory 0
;;   br block3(v8)
;; block3(v7: i32):
;;   v6 = iconst.i32 2
;;   ctx_store.i32 v6, int32_u, offset 80, region global 0
;;   return v7
;; }
;; function 5 "trap_on_one_way" (i32, i32) -> (i32) {
;; block0(v0: i32, v1: i32):
;;   v6 = iconst.i32 0
;;   v2 = iconst.i32 1
;;   ctx_store.i32 v2, int32_u, offset 80, region global 0
;;   br_if v0, block1, block2
;; block1:
;;   v3 = load.i32 v1, memory 0, int32_u, offset 0, region memory 0
;;   br block3(v3)
;; block2:
;;   call function 0 () -> ()
;;   br block3(v6)
;; block3(v5: i32):
;;   v4 = iconst.i32 2
;;   ctx_store.i32 v4, int32_u, offset 80, region global 0
;;   return v5
;; }
;; function 6 "memory" (i32, i32) -> () {
;; block0(v0: i32, v1: i32):
;;   v2 = load.i32 v0, memory 0, int32_u, offset 8, region memory 0
;;   br_if v1, block1, block2
;; block1:
;;   store.i32 v0, v2, memory 0, int32_u, offset 4, region memory 0
;;   v4 = iconst.i64 2
;;   store.i64 v0, v4, memory 0, int64, offset 0, region memory 0
;;   br block3
;; block2:
;;   v5 = load.i32 v0, memory 0, int32_u, offset 4, region memory 0
;;   store.i32 v0, v5, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block3:
;;   return
;; }
;; function 7 "memory_may_trap" (i32, i32) -> () {
;; block0(v0: i32, v1: i32):
;;   v2 = iconst.i32 1
;;   store.i32 v0, v2, memory 0, int32_u, offset 0, region memory 0
;;   br_if v1, block1, block2
;; block1:
;;   v3 = iconst.i32 2
;;   store.i32 v0, v3, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block2:
;;   v4 = iconst.i32 3
;;   store.i32 v0, v4, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block3:
;;   return
;; }
;; function 8 "static" (i32) -> () {
;; block0(v0: i32):
;;   v1 = iconst.i32 1024
;;   br_if v0, block1, block2
;; block1:
;;   v4 = iconst.i32 2
;;   store.i32 v1, v4, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block2:
;;   v6 = iconst.i32 3
;;   store.i32 v1, v6, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block3:
;;   return
;; }
;; function 9 "wider_outside" (i32) -> () {
;; block0(v0: i32):
;;   v1 = iconst.i32 65532
;;   v2 = iconst.i32 1
;;   store.i32 v1, v2, memory 0, int32_u, offset 0, region memory 0
;;   br_if v0, block1, block2
;; block1:
;;   v4 = iconst.i64 2
;;   store.i64 v1, v4, memory 0, int64, offset 0, region memory 0
;;   br block3
;; block2:
;;   v6 = iconst.i32 3
;;   store.i32 v1, v6, memory 0, int32_u, offset 0, region memory 0
;;   br block3
;; block3:
;;   return
;; }
;; function 10 "loop" (i32) -> () {
;; block0(v0: i32):
;;   br block1(v0)
;; block1(v2: i32):
;;   v1 = iconst.i32 1
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   v6 = iconst.i32 -1
;;   v4 = iadd.i32 v2, v6
;;   br_if v4, block3, block2
;; block3:
;;   br block1(v4)
;; block2:
;;   v5 = iconst.i32 2
;;   ctx_store.i32 v5, int32_u, offset 80, region global 0
;;   return
;; }
;; function 11 "field" (i32) -> (ref) {
;; block0(v0: i32):
;;   v2 = iconst.i64 8
;;   v3 = iconst.i64 16
;;   v4 = ctx_load.i64 int64, offset 0, region instance 0
;;   v5 = raw_load.i64 v4, int64, offset 136, region store 0
;;   v6 = raw_load.i64 v4, int64, offset 128, region store 0
;;   v7 = isub.i64 v5, v6
;;   v8 = icmp.i64 slt v7, v3
;;   br_if v8, block1, block6
;; block6:
;;   br block2
;; block2:
;;   v9 = raw_load.ref v4, int64, offset 128, region store 0
;;   v10 = ref_address v9
;;   v11 = iadd.i64 v10, v3
;;   raw_store.i64 v4, v11, int64, offset 128, region store 0
;;   v12 = ctx_load.i32 int32_u, offset 96, region instance 0
;;   field_store.i32 v9, v12, int32_u, offset 0, region field 0
;;   field_store.i64 v9, v2, int64, offset 8, region field 8
;;   br_if v0, block3, block4
;; block3:
;;   v13 = iconst.i32 1
;;   field_store.i32 v9, v13, int32_u, offset 4, region field 4
;;   br block5
;; block4:
;;   v16 = iconst.i32 2
;;   field_store.i32 v9, v16, int32_u, offset 4, region field 4
;;   br block5
;; block5:
;;   return v9
;; block1 cold:
;;   call_builtin gc_room (i64) -> () v3
;;   br block2
;; }
