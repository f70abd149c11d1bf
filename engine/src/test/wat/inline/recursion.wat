;;! stage = inlined
(module
  ;; Three levels are inlined.
  (func $sum (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (local.get 0) (call $sum (i32.sub (local.get 0) (i32.const 1)))))
      (else (i32.const 0))))
  ;; Functions that call each other: one level.
  (func $even (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $odd (i32.sub (local.get 0) (i32.const 1))))
      (else (i32.const 1))))
  (func $odd (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (call $even (i32.sub (local.get 0) (i32.const 1))))
      (else (i32.const 0)))))
;; ;; sum
;; function 0 "sum" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2                              @1d
;; block1:
;;   v25 = iconst.i32 -1                                   @25
;;   v2 = iadd.i32 v0, v25                                 @25
;;   br_if v2, block5, block6                              @1d in 0 @26
;; block5:
;;   v26 = iconst.i32 -2                                   @25 in 0 @26
;;   v9 = iadd.i32 v0, v26                                 @25 in 0 @26
;;   br_if v9, block9, block10                             @1d in 0 @26 in 0 @26
;; block9:
;;   v27 = iconst.i32 -3                                   @25 in 0 @26 in 0 @26
;;   v15 = iadd.i32 v0, v27                                @25 in 0 @26 in 0 @26
;;   br_if v15, block13, block14                           @1d in 0 @26 in 0 @26 in 0 @26
;; block13:
;;   v28 = iconst.i32 -4                                   @25 in 0 @26 in 0 @26 in 0 @26
;;   v21 = iadd.i32 v0, v28                                @25 in 0 @26 in 0 @26 in 0 @26
;;   v22 = call function 0 (i32) -> (i32) v21              @26 in 0 @26 in 0 @26 in 0 @26
;;   v23 = iadd.i32 v15, v22                               @28 in 0 @26 in 0 @26 in 0 @26
;;   br block15(v23)                                       @29 in 0 @26 in 0 @26 in 0 @26
;; block14:
;;   v24 = iconst.i32 0                                    @2a in 0 @26 in 0 @26 in 0 @26
;;   br block15(v24)                                       @2c in 0 @26 in 0 @26 in 0 @26
;; block15(v19: i32):
;;   v17 = iadd.i32 v9, v19                                @28 in 0 @26 in 0 @26
;;   br block11(v17)                                       @29 in 0 @26 in 0 @26
;; block10:
;;   v18 = iconst.i32 0                                    @2a in 0 @26 in 0 @26
;;   br block11(v18)                                       @2c in 0 @26 in 0 @26
;; block11(v13: i32):
;;   v11 = iadd.i32 v2, v13                                @28 in 0 @26
;;   br block7(v11)                                        @29 in 0 @26
;; block6:
;;   v12 = iconst.i32 0                                    @2a in 0 @26
;;   br block7(v12)                                        @2c in 0 @26
;; block7(v7: i32):
;;   v4 = iadd.i32 v0, v7                                  @28
;;   br block3(v4)                                         @29
;; block2:
;;   v6 = iconst.i32 0                                     @2a
;;   br block3(v6)                                         @2c
;; block3(v5: i32):
;;   return v5                                             @2d
;; }
;; ;; even
;; function 1 "even" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2                              @32
;; block1:
;;   v1 = iconst.i32 1                                     @36
;;   v16 = iconst.i32 -1                                   @38
;;   v2 = iadd.i32 v0, v16                                 @38
;;   br_if v2, block5, block6                              @44 in 2 @39
;; block5:
;;   v17 = iconst.i32 -2                                   @4a in 2 @39
;;   v8 = iadd.i32 v0, v17                                 @4a in 2 @39
;;   br_if v8, block9, block10                             @32 in 1 @4b in 2 @39
;; block9:
;;   v18 = iconst.i32 -3                                   @38 in 1 @4b in 2 @39
;;   v13 = iadd.i32 v0, v18                                @38 in 1 @4b in 2 @39
;;   v14 = call function 2 (i32) -> (i32) v13              @39 in 1 @4b in 2 @39
;;   br block3(v14)                                        @3b in 1 @4b in 2 @39
;; block10:
;;   br block3(v1)                                         @3e in 1 @4b in 2 @39
;; block6:
;;   v10 = iconst.i32 0                                    @4e in 2 @39
;;   br block3(v10)                                        @50 in 2 @39
;; block2:
;;   v5 = iconst.i32 1                                     @3c
;;   br block3(v5)                                         @3e
;; block3(v4: i32):
;;   return v4                                             @3f
;; }
;; ;; odd
;; function 2 "odd" (i32) -> (i32) {
;; block0(v0: i32):
;;   br_if v0, block1, block2                              @44
;; block1:
;;   v1 = iconst.i32 1                                     @48
;;   v16 = iconst.i32 -1                                   @4a
;;   v2 = iadd.i32 v0, v16                                 @4a
;;   br_if v2, block5, block6                              @32 in 1 @4b
;; block5:
;;   v17 = iconst.i32 -2                                   @38 in 1 @4b
;;   v8 = iadd.i32 v0, v17                                 @38 in 1 @4b
;;   br_if v8, block9, block10                             @44 in 2 @39 in 1 @4b
;; block9:
;;   v18 = iconst.i32 -3                                   @4a in 2 @39 in 1 @4b
;;   v13 = iadd.i32 v0, v18                                @4a in 2 @39 in 1 @4b
;;   v14 = call function 1 (i32) -> (i32) v13              @4b in 2 @39 in 1 @4b
;;   br block3(v14)                                        @4d in 2 @39 in 1 @4b
;; block10:
;;   v15 = iconst.i32 0                                    @4e in 2 @39 in 1 @4b
;;   br block3(v15)                                        @50 in 2 @39 in 1 @4b
;; block6:
;;   br block3(v1)                                         @3e in 1 @4b
;; block2:
;;   v5 = iconst.i32 0                                     @4e
;;   br block3(v5)                                         @50
;; block3(v4: i32):
;;   return v4                                             @51
;; }
