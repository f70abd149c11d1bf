;;! stage = asm
;; A small loop that runs a known number of times goes round less often; what is left over comes
;; first.
(module
  (memory 1)
  (func $sum-of-products (result i64)
    (local $i i32) (local $sum i64)
    (loop $next
      (local.set $sum
        (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load (local.get $i))))
      (br_if $next
        (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 8))) (i32.const 808))))
    (local.get $sum)))
;; ;; sum-of-products
;; L0:
;;      0: mov rcx,QWORD PTR [r15+0x28]
;;      4: mov eax,0x1f
;;      9: imul rax,rax,0x0
;;      d: add rax,QWORD PTR [rcx]
;;     10: imul rax,rax,0x1f
;;     14: add rax,QWORD PTR [rcx+0x8]
;;     18: imul rax,rax,0x1f
;;     1c: add rax,QWORD PTR [rcx+0x10]
;;     20: imul rax,rax,0x1f
;;     24: add rax,QWORD PTR [rcx+0x18]
;;     28: imul rax,rax,0x1f
;;     2c: add rax,QWORD PTR [rcx+0x20]
;;     30: mov edx,0x28
;;     35: nop WORD PTR [rax+rax*1+0x0]
;;     3e: xchg ax,ax
;; L1:
;;     40: imul rax,rax,0x1f
;;     44: add rax,QWORD PTR [rcx+rdx*1]
;;     48: imul rax,rax,0x1f
;;     4c: add rax,QWORD PTR [rcx+rdx*1+0x8]
;;     51: imul rax,rax,0x1f
;;     55: add rax,QWORD PTR [rcx+rdx*1+0x10]
;;     5a: imul rax,rax,0x1f
;;     5e: add rax,QWORD PTR [rcx+rdx*1+0x18]
;;     63: imul rax,rax,0x1f
;;     67: add rax,QWORD PTR [rcx+rdx*1+0x20]
;;     6c: imul rax,rax,0x1f
;;     70: add rax,QWORD PTR [rcx+rdx*1+0x28]
;;     75: imul rax,rax,0x1f
;;     79: add rax,QWORD PTR [rcx+rdx*1+0x30]
;;     7e: imul rax,rax,0x1f
;;     82: add rax,QWORD PTR [rcx+rdx*1+0x38]
;;     87: add edx,0x40
;;     8a: cmp edx,0x328
;;     90: jne 0x40
;; L3:
;;     92: ret
