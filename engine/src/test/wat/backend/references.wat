;;! stage = asm
(module
  (type $f (func (param i32) (result i32)))
  (type $open (sub (func (result i32))))
  (type $below (sub $open (func (result i32))))
  (table $typed 10 10 (ref null $f))
  (table $any 10 10 funcref)
  (func $call_ref (param (ref null $f)) (result i32)
    (call_ref $f (i32.const 1) (local.get 0)))
  (func $return_call_ref (param (ref null $f)) (result i32)
    (return_call_ref $f (i32.const 1) (local.get 0)))
  (func $through_a_typed_table (param i32) (result i32)
    (call_indirect $typed (type $f) (i32.const 1) (local.get 0)))
  (func $final (param i32) (result i32)
    (call_indirect $any (type $f) (i32.const 1) (local.get 0)))
  (func $display (param i32) (result i32)
    (call_indirect $any (type $below) (local.get 0)))
  (func $cast (param funcref) (result i32)
    (call_ref $below (ref.cast (ref $below) (local.get 0))))
  (func $test (param funcref) (result i32)
    (ref.test (ref $below) (local.get 0)))
)
;; ;; call_ref
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x27
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov rax,rdi
;;     13: mov edi,0x1
;;     18: mov r15,QWORD PTR [rax+0x8]
;;     1c: call QWORD PTR [rax]
;;     1e: mov r15,QWORD PTR [rsp]
;;     22: add rsp,0x8
;;     26: ret
;; L2:
;;     27: ud2
;; ;; return_call_ref
;; L0:
;;      0: mov r11,QWORD PTR [rdi]
;;      3: mov rax,QWORD PTR [rdi+0x8]
;;      7: mov edi,0x1
;;      c: cmp rax,r15
;;      f: jne 0x14
;;     11: jmp r11
;; L4:
;;     14: movq xmm14,rax
;;     19: movq xmm13,rax
;;     1e: mov eax,0x0
;;     23: movq xmm12,rax
;;     28: mov rax,QWORD PTR [r15+0x10]
;;     2c: call QWORD PTR [rax+0xa0]
;;     32: int3
;; ;; through_a_typed_table
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x40
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov eax,edi
;;     12: cmp eax,0xa
;;     15: jae 0x42
;;     17: cmp rax,0xa
;;     1b: mov ecx,0x0
;;     20: cmovb rcx,rax
;;     24: mov rax,QWORD PTR [r15+0x38]
;;     28: mov rax,QWORD PTR [rax+rcx*8]
;;     2c: mov edi,0x1
;;     31: mov r15,QWORD PTR [rax+0x8]
;;     35: call QWORD PTR [rax]
;;     37: mov r15,QWORD PTR [rsp]
;;     3b: add rsp,0x8
;;     3f: ret
;; L2:
;;     40: ud2
;; L4:
;;     42: ud2
;; ;; final
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x49
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov eax,edi
;;     12: cmp eax,0xa
;;     15: jae 0x4b
;;     17: cmp rax,0xa
;;     1b: mov ecx,0x0
;;     20: cmovb rcx,rax
;;     24: mov rax,QWORD PTR [r15+0x48]
;;     28: mov rax,QWORD PTR [rax+rcx*8]
;;     2c: mov ecx,DWORD PTR [rax+0x10]
;;     2f: cmp ecx,DWORD PTR [r15+0x60]
;;     33: jne 0x4d
;;     35: mov edi,0x1
;;     3a: mov r15,QWORD PTR [rax+0x8]
;;     3e: call QWORD PTR [rax]
;;     40: mov r15,QWORD PTR [rsp]
;;     44: add rsp,0x8
;;     48: ret
;; L2:
;;     49: ud2
;; L4:
;;     4b: ud2
;; L6:
;;     4d: ud2
;; ;; display
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x4c
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov eax,edi
;;     12: cmp eax,0xa
;;     15: jae 0x4e
;;     17: cmp rax,0xa
;;     1b: mov ecx,0x0
;;     20: cmovb rcx,rax
;;     24: mov rax,QWORD PTR [r15+0x48]
;;     28: mov rax,QWORD PTR [rax+rcx*8]
;;     2c: mov ecx,DWORD PTR [rax+0x10]
;;     2f: mov rdx,QWORD PTR [r15+0x20]
;;     33: mov ecx,DWORD PTR [rdx+rcx*1+0x8]
;;     37: cmp ecx,DWORD PTR [r15+0x68]
;;     3b: jne 0x50
;;     3d: mov r15,QWORD PTR [rax+0x8]
;;     41: call QWORD PTR [rax]
;;     43: mov r15,QWORD PTR [rsp]
;;     47: add rsp,0x8
;;     4b: ret
;; L2:
;;     4c: ud2
;; L4:
;;     4e: ud2
;; L6:
;;     50: ud2
;; ;; cast
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x30
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov eax,DWORD PTR [rdi+0x10]
;;     13: mov rcx,QWORD PTR [r15+0x20]
;;     17: mov eax,DWORD PTR [rcx+rax*1+0x8]
;;     1b: cmp eax,DWORD PTR [r15+0x68]
;;     1f: jne 0x32
;;     21: mov r15,QWORD PTR [rdi+0x8]
;;     25: call QWORD PTR [rdi]
;;     27: mov r15,QWORD PTR [rsp]
;;     2b: add rsp,0x8
;;     2f: ret
;; L2:
;;     30: ud2
;; L5:
;;     32: ud2
;; ;; test
;; L0:
;;      0: test rdi,rdi
;;      3: jne 0x9
;; L1:
;;      5: xor eax,eax
;;      7: jmp 0x1d
;; L2:
;;      9: mov eax,DWORD PTR [rdi+0x10]
;;      c: mov rcx,QWORD PTR [r15+0x20]
;;     10: mov ecx,DWORD PTR [rcx+rax*1+0x8]
;;     14: xor eax,eax
;;     16: cmp ecx,DWORD PTR [r15+0x68]
;;     1a: sete al
;; L3:
;;     1d: ret
