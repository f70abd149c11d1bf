;;! stage = ssa
;; A target with several entries gets a block of its own, so that arguments exist once.
(module
  (func $f (param i32) (result i32)
    (block $a (result i32)
      (block $b (result i32)
        (br_table $a $b $a $b $a (i32.const 7) (local.get 0)))
      (i32.add (i32.const 1)))))
;; function 0 "f" (i32) -> (i32) {
;; block0(v0: i32):
;;   v1 = iconst.i32 7
;;   br_table v0, block1, block2, block1, block2, block1
;; block2:
;;   br block3(v1)
;; block1:
;;   br block4(v1)
;; block3(v2: i32):
;;   v4 = iconst.i32 1
;;   v5 = iadd.i32 v2, v4
;;   br block4(v5)
;; block4(v3: i32):
;;   return v3
;; }
