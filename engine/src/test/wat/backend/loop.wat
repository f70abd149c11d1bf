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
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: xor edx,edx
;;      6: xor eax,eax
;;      8: nop WORD PTR [rax+rax*1+0x0]
;;     11: nop WORD PTR [rax+rax*1+0x0]
;;     1a: nop WORD PTR [rax+rax*1+0x0]
;;     23: nop WORD PTR [rax+rax*1+0x0]
;;     2c: nop WORD PTR [rax+rax*1+0x0]
;;     35: nop WORD PTR [rax+rax*1+0x0]
;;     3e: xchg ax,ax
;; L1:
;;     40: add eax,DWORD PTR [rcx+rdx*1+0x10]
;;     44: add edx,0x4
;;     47: add edi,0xffffffff
;;     4a: jne 0x40
;; L3:
;;     4c: ret
