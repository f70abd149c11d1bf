;;! stage = inlined
;; A callee that throws is inlined in reach of handlers. What the first of them certainly catches, and
;; passes on without asking for the reference, is a branch; other throws get the handlers around the call
;; behind their own.
(module
  (tag $t (param i32))
  (tag $u)
  (func $check (param i32) (result i32)
    (if (i32.lt_s (local.get 0) (i32.const 0)) (then (throw $t (local.get 0))))
    (i32.add (local.get 0) (i32.const 1)))
  (func $twice (param i32) (result i32)
    (block $mine
      (try_table (catch $u $mine)
        (if (i32.eqz (local.get 0)) (then (throw $u)))
        (throw $t (local.get 0))))
    (i32.const 3))
  (func $branches (param i32) (result i32)
    (block $h (result i32)
      (try_table (catch $t $h) (return (call $check (local.get 0))))
      (unreachable)))
  (func $all (param i32) (result i32)
    (block $h
      (try_table (catch_all $h) (return (call $check (local.get 0)))))
    (i32.const -1))
  (func $reference (param i32) (result i32)
    (block $h (result exnref)
      (try_table (catch_all_ref $h) (return (call $check (local.get 0))))
      (unreachable))
    (throw_ref))
  (func $nested (param i32) (result i32)
    (block $h (result i32)
      (try_table (catch $t $h) (return (call $twice (local.get 0))))
      (unreachable)))
  (func $changed (param i32) (result i32) (local $l i32)
    (block $h (result i32)
      (try_table (catch $t $h)
        (drop (call $check (local.get 0)))
        (local.set $l (i32.const 77))
        (return (call $check (i32.sub (local.get 0) (i32.const 9)))))
      (unreachable))
    (i32.add (local.get $l))))
;; ;; check
;; function 0 "check" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 0                                     @30
;;   v2 = icmp.i32 slt v0, v1                              @32
;;   br_if v2, block1, block2                              @33
;; block2:
;;   v3 = iconst.i32 1                                     @3c
;;   v4 = iadd.i32 v0, v3                                  @3e
;;   return v4                                             @3f
;; block1 cold:
;;   throw tag 0 handlers [] v0                            @37
;; }
;; ;; twice
;; function 1 "twice" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block3, block5                              @4d
;; block5:
;;   br block4                                             @4d
;; block4:
;;   v3 = iconst.i32 3                                     @58
;;   return v3                                             @5a
;; block3 cold:
;;   throw tag 0 handlers [tag 1 with 0] v0, block4        @54
;; }
;; ;; branches
;; function 2 "branches" (i32) -> (i32) {
;; block0(v0: i32):
;;   v4 = iconst.i32 0                                     @30 in 0 @67
;;   v5 = icmp.i32 slt v0, v4                              @32 in 0 @67
;;   br_if v5, block3, block6                              @33 in 0 @67
;; block6:
;;   v6 = iconst.i32 1                                     @3c in 0 @67
;;   v7 = iadd.i32 v0, v6                                  @3e in 0 @67
;;   return v7                                             @69
;; block3:
;;   return v0                                             @6d
;; }
;; ;; all
;; function 3 "all" (i32) -> (i32) {
;; block0(v0: i32):
;;   v3 = iconst.i32 0                                     @30 in 0 @79
;;   v4 = icmp.i32 slt v0, v3                              @32 in 0 @79
;;   br_if v4, block3, block6                              @33 in 0 @79
;; block6:
;;   v5 = iconst.i32 1                                     @3c in 0 @79
;;   v6 = iadd.i32 v0, v5                                  @3e in 0 @79
;;   return v6                                             @7b
;; block3:
;;   v2 = iconst.i32 -1                                    @7e
;;   return v2                                             @80
;; }
;; ;; reference
;; function 4 "reference" (i32) -> (i32) {
;; block0(v0: i32):
;;   v6 = iconst.i32 0                                     @30 in 0 @8c
;;   v7 = icmp.i32 slt v0, v6                              @32 in 0 @8c
;;   br_if v7, block5, block6                              @33 in 0 @8c
;; block6:
;;   v8 = iconst.i32 1                                     @3c in 0 @8c
;;   v9 = iadd.i32 v0, v8                                  @3e in 0 @8c
;;   return v9                                             @8e
;; block5 cold:
;;   throw tag 0 handlers [any ref] v0, block1             @37 in 0 @8c
;; block1 cold:
;;   v2 = caught.ref offset 0                              @8f
;;   v4 = iconst.ref 0                                     @92
;;   v5 = icmp.ref eq v2, v4                               @92
;;   trap_if null_exception v5                             @92
;;   throw_ref handlers [] v2                              @92
;; }
;; ;; nested
;; function 5 "nested" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block5, block7                              @4d in 1 @a0
;; block7:
;;   br block6                                             @4d in 1 @a0
;; block6:
;;   v4 = iconst.i32 3                                     @58 in 1 @a0
;;   return v4                                             @a2
;; block5 cold:
;;   throw tag 0 handlers [tag 1 with 0, tag 0 with 1] v0, block8, block1 @54 in 1 @a0
;; block8 cold:
;;   br block6                                             @54 in 1 @a0
;; block1 cold:
;;   v2 = caught.i32 offset 16                             @a3
;;   return v2                                             @a6
;; }
;; ;; changed
;; function 6 "changed" (i32) -> (i32) {
;; block0(v0: i32):
;;   v9 = iconst.i32 0
;;   v16 = icmp.i32 slt v0, v9                             @32 in 0 @b5
;;   br_if v16, block9, block10                            @33 in 0 @b5
;; block10:
;;   v2 = iconst.i32 77                                    @b8
;;   v19 = iconst.i32 -9                                   @c1
;;   v4 = iadd.i32 v0, v19                                 @c1
;;   v12 = icmp.i32 slt v4, v9                             @32 in 0 @c2
;;   br_if v12, block6, block7                             @33 in 0 @c2
;; block7:
;;   v20 = iconst.i32 -8                                   @3e in 0 @c2
;;   v14 = iadd.i32 v0, v20                                @3e in 0 @c2
;;   return v14                                            @c4
;; block1(v8: i32):
;;   v6 = caught.i32 offset 16                             @c5
;;   v10 = iadd.i32 v6, v8                                 @ca
;;   return v10                                            @cb
;; block9 cold:
;;   throw tag 0 handlers [tag 0 with 1] v0, block1(v9)    @37 in 0 @b5
;; block6 cold:
;;   throw tag 0 handlers [tag 0 with 1] v4, block1(v2)    @37 in 0 @c2
;; }
