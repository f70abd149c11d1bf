;;! stage = opt
;; A store is seen by the load behind it; a call forgets everything.
(module
  (memory 1)
  (global $g (mut i32) (i32.const 0))
  (func $callee)
  (func $f (param i32) (result i32)
    (i32.store (local.get 0) (i32.const 5))
    (global.set $g (i32.load (local.get 0)))
    (drop (i32.load offset=4 (local.get 0)))
    (i32.add (i32.load offset=4 (local.get 0)) (global.get $g))
    (call $callee)
    (i32.add (global.get $g))))
;; function 0 "callee" () -> () {
;; block0:
;;   return
;; }
;; function 1 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 5
;;   store.i32 v0, v1, memory 0, int32_u, offset 0, region memory 0
;;   ctx_store.i32 v1, int32_u, offset 80, region global 0
;;   v3 = load.i32 v0, memory 0, int32_u, offset 4, region memory 0
;;   v6 = iadd.i32 v3, v1
;;   call function 0 () -> ()
;;   v7 = ctx_load.i32 int32_u, offset 80, region global 0
;;   v8 = iadd.i32 v6, v7
;;   return v8
;; }
