;;! stage = mach
;; Machine instructions before allocation: the base of the memory can be made again anywhere, the
;; load is the memory operand of its user, and the edge back has a block of its own.
(module
  (memory 1)
  (func $sum (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.xor (local.get $sum) (i32.load offset=16 (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
    (local.get $sum)))
;; ;; sum
;; block0:
;;   entry v2@rdi=
;;   mov64_rm v4=, [instance+40]
;;   mov32_ri v6=, #0
;;   mov32_ri v7=, #0
;;   jump -> block1(v6, v7)
;; block1(v5, v3):
;;   xor32_rm v0=, v5, v4, v3, [base+index*1+16] !memory_out_of_bounds
;;   add32_immediate v1=, v3, #4
;;   cmp32_rm v1, v2?
;;   branch #2 -> block2, block3
;; block2:
;;   jump -> block1(v0, v1)
;; block3:
;;   return v0@rax
