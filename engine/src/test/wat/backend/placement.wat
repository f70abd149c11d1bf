;;! stage = asm
(module
  (memory 1)
  ;; A loop that is tested at its top is turned: the only branch of a round is at the bottom.
  (func $turned (param $p i32) (result i32) (local $n i32)
    (block $out
      (loop $again
        (br_if $out (i32.eqz (i32.load (local.get $p))))
        (i32.store offset=4 (local.get $p) (local.get $n))
        (local.set $n (i32.add (local.get $n) (i32.const 3)))
        (local.set $p (i32.load offset=8 (local.get $p)))
        (br $again)))
    (local.get $n))

  ;; What is unlikely, by loop and equality, stands behind the function; the rest runs through.
  (func $unlikely (param $p i32) (param $end i32)
    (loop $again
      (if (f32.eq (f32.load (local.get $p)) (f32.const 1))
        (then (i32.store offset=8 (local.get $p) (i32.const 5)))
        (else (i32.store offset=4 (local.get $p) (i32.const 7))))
      (br_if $again
        (i32.ne (local.tee $p (i32.add (local.get $p) (i32.const 4))) (local.get $end)))))

  ;; Two sides that are as likely stay where they are.
  (func $diamond (param $p i32) (param $b i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $p) (local.get $b))
      (then (i32.store (local.get $p) (i32.const 5)) (i32.load offset=4 (local.get $b)))
      (else (i32.store (local.get $b) (i32.const 7)) (i32.load offset=8 (local.get $p)))))
)
;; ;; turned
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: xor ecx,ecx
;;      6: jmp 0x4f
;;      8: nop WORD PTR [rax+rax*1+0x0]
;;     11: nop WORD PTR [rax+rax*1+0x0]
;;     1a: nop WORD PTR [rax+rax*1+0x0]
;;     23: nop WORD PTR [rax+rax*1+0x0]
;;     2c: nop WORD PTR [rax+rax*1+0x0]
;;     35: nop WORD PTR [rax+rax*1+0x0]
;;     3e: xchg ax,ax
;; L2:
;;     40: mov edx,edi
;;     42: mov DWORD PTR [rax+rdx*1+0x4],ecx
;;     46: add ecx,0x3
;;     49: mov edx,edi
;;     4b: mov edi,DWORD PTR [rax+rdx*1+0x8]
;; L1:
;;     4f: mov edx,edi
;;     51: cmp DWORD PTR [rax+rdx*1],0x0
;;     55: jne 0x40
;; L3:
;;     57: mov rax,rcx
;;     5a: ret
;; ;; unlikely
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: jmp 0x51
;;      6: nop WORD PTR [rax+rax*1+0x0]
;;      f: nop WORD PTR [rax+rax*1+0x0]
;;     18: nop WORD PTR [rax+rax*1+0x0]
;;     21: nop WORD PTR [rax+rax*1+0x0]
;;     2a: nop WORD PTR [rax+rax*1+0x0]
;;     33: nop WORD PTR [rax+rax*1+0x0]
;;     3c: nop DWORD PTR [rax+0x0]
;; L3:
;;     40: mov ecx,edi
;;     42: mov DWORD PTR [rax+rcx*1+0x4],0x7
;; L4:
;;     4a: add edi,0x4
;;     4d: cmp edi,esi
;;     4f: je 0x6f
;; L1:
;;     51: mov ecx,edi
;;     53: movss xmm0,DWORD PTR [rax+rcx*1]
;;     58: ucomiss xmm0,DWORD PTR [rip+0x11] # 0x70
;;     5f: jne 0x40
;;     61: jp 0x40
;; L2:
;;     63: mov ecx,edi
;;     65: mov DWORD PTR [rax+rcx*1+0x8],0x5
;;     6d: jmp 0x4a
;; L6:
;;     6f: ret
;; L16:
;;     70: .byte 0x0,0x0,0x80,0x3f
;; ;; diamond
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x20]
;;      4: cmp edi,esi
;;      6: jae 0x19
;; L1:
;;      8: mov ecx,edi
;;      a: mov DWORD PTR [rax+rcx*1],0x5
;;     11: mov ecx,esi
;;     13: mov eax,DWORD PTR [rax+rcx*1+0x4]
;;     17: jmp 0x28
;; L2:
;;     19: mov ecx,esi
;;     1b: mov DWORD PTR [rax+rcx*1],0x7
;;     22: mov ecx,edi
;;     24: mov eax,DWORD PTR [rax+rcx*1+0x8]
;; L3:
;;     28: ret
