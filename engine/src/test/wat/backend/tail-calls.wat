;;! stage = asm
;; A tail call is an epilogue and a jump; through a table it looks at the instance, and only another
;; one goes by way of the frame that restores the caller's. So does a callee with more stack
;; parameters than there is room for.
(module
  (type $t (func (param i64) (result i64)))
  (table 4 funcref)
  (global $g (mut i64) (i64.const 0))
  (func $loop (param i64 i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $loop (i64.sub (local.get 0) (i64.const 1)) (i64.add (local.get 1) (local.get 0))))
  (func $framed (param i64) (result i64)
    (return_call $loop (call $framed (local.get 0)) (local.get 0)))
  (func $table (type $t) (return_call_indirect (type $t) (local.get 0) (i32.const 2)))
  (func $many (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64)
    (global.set $g (i64.add (local.get 8) (local.get 9)))
    (return_call $many (local.get 1) (local.get 0) (local.get 3) (local.get 2) (local.get 5)
      (local.get 4) (local.get 7) (local.get 6) (local.get 9) (local.get 8)))
  (func $grows (param i64) (result i64)
    (return_call $many (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
      (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0))))
;; ;; loop
;; L0:
;;      0: test rdi,rdi
;;      3: jne 0x9
;; L1:
;;      5: mov rax,rsi
;;      8: ret
;; L2:
;;      9: lea rax,[rdi-0x1]
;;      d: add rsi,rdi
;;     10: mov rdi,rax
;;     13: jmp loop
;; ;; framed
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x4f
;;      c: mov QWORD PTR [rsp],rbx
;; L0:
;;     10: mov rbx,rdi
;;     13: mov rdi,rbx
;;     16: call framed
;;     1b: mov rsi,rbx
;;     1e: mov rdi,rax
;;     21: call loop
;;     26: mov rsi,rbx
;;     29: mov rdi,rax
;;     2c: call loop
;;     31: mov rsi,rbx
;;     34: mov rdi,rax
;;     37: call loop
;;     3c: mov rsi,rbx
;;     3f: mov rdi,rax
;;     42: mov rbx,QWORD PTR [rsp]
;;     46: add rsp,0x8
;;     4a: jmp loop
;; L2:
;;     4f: ud2
;; ;; table
;; L0:
;;      0: mov rax,QWORD PTR [r15+0x38]
;;      4: cmp rax,0x2
;;      8: jbe 0x3b
;;      a: mov ecx,0x2
;;      f: cmp rcx,rax
;;     12: mov eax,0x0
;;     17: cmovb rax,rcx
;;     1b: mov rcx,QWORD PTR [r15+0x30]
;;     1f: mov rax,QWORD PTR [rcx+rax*8]
;;     23: mov ecx,DWORD PTR [rax+0x10]
;;     26: cmp ecx,DWORD PTR [r15+0x50]
;;     2a: jne 0x3d
;;     2c: mov r11,QWORD PTR [rax]
;;     2f: mov rax,QWORD PTR [rax+0x8]
;;     33: cmp rax,r15
;;     36: jne 0x3f
;;     38: jmp r11
;; L2:
;;     3b: ud2
;; L4:
;;     3d: ud2
;; L5:
;;     3f: movq xmm14,rax
;;     44: movq xmm13,rax
;;     49: mov eax,0x0
;;     4e: movq xmm12,rax
;;     53: mov rax,QWORD PTR [r15+0x10]
;;     57: call QWORD PTR [rax+0xa0]
;;     5d: int3
;; ;; many
;;      0: sub rsp,0x28
;;      4: mov QWORD PTR [rsp+0x10],rbx
;;      9: mov QWORD PTR [rsp+0x18],rbp
;; L0:
;;      e: mov r11,QWORD PTR [rsp+0x30]
;;     13: mov rbx,QWORD PTR [rsp+0x38]
;;     18: lea rbp,[r11+rbx*1]
;;     1c: mov QWORD PTR [r15+0x40],rbp
;;     20: mov QWORD PTR [rsp],rbx
;;     24: mov QWORD PTR [rsp+0x8],r11
;;     29: mov r11,rdi
;;     2c: mov rdi,rsi
;;     2f: mov rsi,r11
;;     32: mov r11,rdx
;;     35: mov rdx,rcx
;;     38: mov rcx,r11
;;     3b: mov r11,r8
;;     3e: mov r8,r9
;;     41: mov r9,r11
;;     44: mov r11,rax
;;     47: mov rax,r10
;;     4a: mov r10,r11
;;     4d: mov rbx,QWORD PTR [rsp+0x10]
;;     52: mov rbp,QWORD PTR [rsp+0x18]
;;     57: movups xmm15,XMMWORD PTR [rsp]
;;     5c: movups XMMWORD PTR [rsp+0x30],xmm15
;;     62: add rsp,0x28
;;     66: jmp many
;; ;; grows
;;      0: sub rsp,0x18
;; L0:
;;      4: mov QWORD PTR [rsp],rdi
;;      8: mov QWORD PTR [rsp+0x8],rdi
;;      d: mov r10,rdi
;;     10: mov rax,rdi
;;     13: mov r9,rdi
;;     16: mov r8,rdi
;;     19: mov rcx,rdi
;;     1c: mov rdx,rdi
;;     1f: mov rsi,rdi
;;     22: lea r11,[rip+many]
;;     29: movq xmm14,r15
;;     2e: movq xmm13,rax
;;     33: movabs rax,0x1000000018
;;     3d: movq xmm12,rax
;;     42: mov rax,QWORD PTR [r15+0x10]
;;     46: call QWORD PTR [rax+0xa0]
;;     4c: int3
