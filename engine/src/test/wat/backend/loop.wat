;;! stage = asm
;; The loop variable's upper half is known to be zero, so it indexes memory without being extended;
;; the test of the counter is left to the flags of the subtraction.
(module
  (memory 1)
  (func $sum (param $n i32) (result i32) (local $i i32) (local $sum i32)
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (i32.load offset=16 (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
;; ;; sum
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: xor edx,edx
;;      6: xor ecx,ecx
;;      8: nop DWORD PTR [rax+rax*1+0x0]
;; L1:
;;     10: add ecx,DWORD PTR [rax+rdx*1+0x10]
;;     14: add edx,0x4
;;     17: add edi,0xffffffff
;;     1a: jne 0x10
;; L3:
;;     1c: mov rax,rcx
;;     1f: ret
