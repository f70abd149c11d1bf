;;! stage = inlined
(module
  (memory 1)
  (global $count (mut i32) (i32.const 0))
  (func $square (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))
  ;; Called once outside of loops: inlined, it is hardly larger than the call.
  (func $once (param i32) (result i32) (i32.add (call $square (local.get 0)) (i32.const 1)))
  ;; Several results; a branch; a store.
  (func $order (param i32 i32) (result i32 i32)
    (if (i32.gt_s (local.get 0) (local.get 1))
      (then (return (local.get 1) (local.get 0))))
    (i32.store (i32.const 8) (local.get 0))
    (local.get 0) (local.get 1))
  (func $in-loop (param i32) (result i32) (local i32 i32)
    (loop
      (call $order (local.get 0) (local.get 1))
      (local.set 2) (local.set 1)
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (local.get 2)))))
    (local.get 1))
  ;; Ends in a trap: not inlined.
  (func $fail (param i32) (global.set $count (local.get 0)) (unreachable))
  (func $cold (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (call $fail (i32.const 7)) (unreachable)))
    (local.get 0))
  ;; Too large for a place outside of loops.
  (func $large (param i32) (result i32)
    (i32.add (i32.div_s (local.get 0) (i32.const 3))
      (i32.add (i32.popcnt (local.get 0))
        (i32.xor (i32.rotl (local.get 0) (i32.const 3))
          (i32.and (i32.shr_u (local.get 0) (i32.const 5))
            (i32.or (i32.clz (local.get 0))
              (i32.sub (i32.ctz (local.get 0)) (i32.load (local.get 0)))))))))
  (func $straight (param i32) (result i32)
    (i32.add (call $large (local.get 0)) (call $large (i32.const 64)))))
;; ;; square
;; function 0 "square" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = imul.i32 v0, v0                                  @3d
;;   return v1                                             @3e
;; }
;; ;; once
;; function 1 "once" (i32) -> (i32) {
;; block0(v0: i32):
;;   v4 = imul.i32 v0, v0                                  @3d in 0 @43
;;   v2 = iconst.i32 1                                     @45
;;   v3 = iadd.i32 v4, v2                                  @47
;;   return v3                                             @48
;; }
;; ;; order
;; function 2 "order" (i32, i32) -> (i32, i32) {
;; block0(v0: i32, v1: i32):
;;   v2 = icmp.i32 sgt v0, v1                              @4f
;;   br_if v2, block1, block2                              @50
;; block1:
;;   return v1, v0                                         @56
;; block2:
;;   v3 = iconst.i32 8                                     @58
;;   store.i32 v3, v0, memory 0, int32_u, offset 0, region memory 0 @5c
;;   return v0, v1                                         @63
;; }
;; ;; in-loop
;; function 3 "in-loop" (i32) -> (i32) {
;; block0(v0: i32):
;;   v6 = iconst.i32 0
;;   br block1(v0, v6)                                     @68
;; block1(v1: i32, v2: i32):
;;   v7 = icmp.i32 sgt v1, v2                              @4f in 2 @6e
;;   br_if v7, block4, block5                              @50 in 2 @6e
;; block4:
;;   br block3(v2, v1)                                     @56 in 2 @6e
;; block5:
;;   v8 = iconst.i32 8                                     @58 in 2 @6e
;;   store.i32 v8, v1, memory 0, int32_u, offset 0, region memory 0 @5c in 2 @6e
;;   br block3(v1, v2)                                     @63 in 2 @6e
;; block3(v3: i32, v4: i32):
;;   v5 = isub.i32 v1, v4                                  @78
;;   br_if v5, block6, block2                              @7b
;; block6:
;;   br block1(v5, v3)                                     @7b
;; block2:
;;   return v3                                             @80
;; }
;; ;; fail
;; function 4 "fail" (i32) -> () {
;; block0(v0: i32):
;;   ctx_store.i32 v0, int32_u, offset 80, region global 0 @85
;;   trap unreachable                                      @87
;; }
;; ;; cold
;; function 5 "cold" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block2, block1                              @8e
;; block2:
;;   return v0                                             @98
;; block1 cold:
;;   v3 = iconst.i32 7                                     @90
;;   call function 4 (i32) -> () v3                        @92
;;   trap unreachable                                      @94
;; }
;; ;; large
;; function 6 "large" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 3                                     @9d
;;   v17 = sextend v0                                      @9f
;;   v18 = iconst.i64 1431655766                           @9f
;;   v19 = imul.i64 v17, v18                               @9f
;;   v20 = iconst.i64 32                                   @9f
;;   v21 = sshr.i64 v19, v20                               @9f
;;   v22 = wrap v21                                        @9f
;;   v23 = iconst.i32 31                                   @9f
;;   v24 = ushr.i32 v0, v23                                @9f
;;   v25 = iadd.i32 v22, v24                               @9f
;;   v3 = popcnt.i32 v0                                    @a2
;;   v5 = rotl.i32 v0, v1                                  @a7
;;   v6 = iconst.i32 5                                     @aa
;;   v7 = ushr.i32 v0, v6                                  @ac
;;   v8 = clz.i32 v0                                       @af
;;   v9 = ctz.i32 v0                                       @b2
;;   v10 = load.i32 v0, memory 0, int32_u, offset 0, region memory 0 @b5
;;   v11 = isub.i32 v9, v10                                @b8
;;   v12 = ior.i32 v8, v11                                 @b9
;;   v13 = iand.i32 v7, v12                                @ba
;;   v14 = ixor.i32 v5, v13                                @bb
;;   v15 = iadd.i32 v3, v14                                @bc
;;   v16 = iadd.i32 v25, v15                               @bd
;;   return v16                                            @be
;; }
;; ;; straight
;; function 7 "straight" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = call function 6 (i32) -> (i32) v0                @c3
;;   v2 = iconst.i32 64                                    @c5
;;   v3 = call function 6 (i32) -> (i32) v2                @c8
;;   v4 = iadd.i32 v1, v3                                  @ca
;;   return v4                                             @cb
;; }
