;;! stage = asm
;; More values than registers in a loop: nine that rotate, four that never change and a counter.
;; What leaves its register is what need not be stored in the loop: the values that never change.
(module
  (memory 1)
  (func $rotate (param $n i32) (param $at i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32) (local $f i32)
    (local $g i32) (local $h i32) (local $k i32) (local $w i32) (local $x i32) (local $y i32)
    (local $z i32) (local $t i32)
    (local.set $w (i32.load offset=64 (local.get $at)))
    (local.set $x (i32.load offset=68 (local.get $at)))
    (local.set $y (i32.load offset=72 (local.get $at)))
    (local.set $z (i32.load offset=76 (local.get $at)))
    (loop $again
      (local.set $t (i32.add (i32.mul (local.get $a) (local.get $w)) (i32.xor (local.get $b) (local.get $x))))
      (local.set $t (i32.sub (local.get $t) (i32.and (local.get $c) (local.get $y))))
      (local.set $t (i32.add (local.get $t) (i32.or (local.get $d) (local.get $z))))
      (local.set $k (i32.add (local.get $h) (local.get $k)))
      (local.set $h (i32.add (local.get $g) (local.get $h)))
      (local.set $g (i32.add (local.get $f) (local.get $g)))
      (local.set $f (i32.add (local.get $e) (local.get $f)))
      (local.set $e (i32.add (local.get $d) (local.get $e)))
      (local.set $d (i32.add (local.get $c) (local.get $d)))
      (local.set $c (i32.add (local.get $b) (local.get $c)))
      (local.set $b (i32.add (local.get $a) (local.get $b)))
      (local.set $a (local.get $t))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.add (local.get $a) (i32.add (local.get $k) (local.get $h)))))
;; ;; rotate
;;      0: sub rsp,0x38
;;      4: mov QWORD PTR [rsp+0x10],rbx
;;      9: mov QWORD PTR [rsp+0x18],rbp
;;      e: mov QWORD PTR [rsp+0x20],r12
;;     13: mov QWORD PTR [rsp+0x28],r13
;;     18: mov QWORD PTR [rsp+0x30],r14
;; L0:
;;     1d: mov edx,esi
;;     1f: mov rsi,QWORD PTR [r15+0x28]
;;     23: mov eax,DWORD PTR [rsi+rdx*1+0x40]
;;     27: mov QWORD PTR [rsp],rax
;;     2b: mov eax,DWORD PTR [rsi+rdx*1+0x44]
;;     2f: mov ecx,DWORD PTR [rsi+rdx*1+0x48]
;;     33: mov edx,DWORD PTR [rsi+rdx*1+0x4c]
;;     37: mov QWORD PTR [rsp+0x8],rdx
;;     3c: xor r11d,r11d
;;     3f: xor ebx,ebx
;;     41: xor ebp,ebp
;;     43: xor esi,esi
;;     45: xor edx,edx
;;     47: xor r10d,r10d
;;     4a: xor r9d,r9d
;;     4d: xor r8d,r8d
;;     50: xor r12d,r12d
;;     53: jmp 0x83
;;     55: nop WORD PTR [rax+rax*1+0x0]
;;     5e: nop WORD PTR [rax+rax*1+0x0]
;;     67: nop WORD PTR [rax+rax*1+0x0]
;;     70: nop WORD PTR [rax+rax*1+0x0]
;;     79: nop DWORD PTR [rax+0x0]
;; L2:
;;     80: mov r12d,r13d
;; L1:
;;     83: mov r13d,r12d
;;     86: imul r13d,DWORD PTR [rsp]
;;     8b: mov r14d,r8d
;;     8e: xor r14d,eax
;;     91: add r13d,r14d
;;     94: mov r14d,r9d
;;     97: and r14d,ecx
;;     9a: sub r13d,r14d
;;     9d: mov r14d,r10d
;;     a0: or r14d,DWORD PTR [rsp+0x8]
;;     a5: add r13d,r14d
;;     a8: add esi,edx
;;     aa: add edx,ebp
;;     ac: add ebp,ebx
;;     ae: add ebx,r11d
;;     b1: add r11d,r10d
;;     b4: add r10d,r9d
;;     b7: add r9d,r8d
;;     ba: add r8d,r12d
;;     bd: add edi,0xffffffff
;;     c0: jne 0x80
;; L3:
;;     c2: lea eax,[rsi+rdx*1]
;;     c5: add eax,r13d
;;     c8: mov rbx,QWORD PTR [rsp+0x10]
;;     cd: mov rbp,QWORD PTR [rsp+0x18]
;;     d2: mov r12,QWORD PTR [rsp+0x20]
;;     d7: mov r13,QWORD PTR [rsp+0x28]
;;     dc: mov r14,QWORD PTR [rsp+0x30]
;;     e1: add rsp,0x38
;;     e5: ret
