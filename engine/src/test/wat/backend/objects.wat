;;! stage = asm
(module
  (type $shape (sub (struct (field $kind i32))))
  (type $circle (sub $shape (struct (field $kind i32) (field $radius (mut f64)))))
  (type $ring (sub $circle (struct (field $kind i32) (field $radius (mut f64)) (field $hole f64))))
  (type $node (struct (field $left (ref null $node)) (field $right (ref null $node))))
  (type $bytes (array (mut i8)))
  (type $unary (func (param i32) (result i32)))

  ;; Allocation is a bump: the collector is called out of line, when the space is full.
  (func $allocate (param $left (ref null $node)) (param $right (ref null $node)) (result (ref $node))
    (struct.new $node (local.get $left) (local.get $right)))

  ;; No check: null faults.
  (func $field (param $c (ref null $circle)) (result f64)
    (struct.get $circle $radius (local.get $c)))

  (func $write (param $c (ref null $circle)) (param $r f64)
    (struct.set $circle $radius (local.get $c) (local.get $r)))

  ;; One load from the display of the object's type, whatever the depth.
  (func $cast (param $s (ref null $shape)) (result (ref $circle))
    (ref.cast (ref $circle) (local.get $s)))

  (func $test (param $s (ref null $shape)) (result i32)
    (ref.test (ref $ring) (local.get $s)))

  ;; Small integers are no objects.
  (func $i31 (param $x i32) (result (ref i31))
    (ref.i31 (local.get $x)))

  (func $number (param $r (ref null i31)) (result i32)
    (i31.get_s (local.get $r)))

  (func $element (param $b (ref null $bytes)) (param $i i32) (result i32)
    (array.get_u $bytes (local.get $b) (local.get $i)))

  (func $call (param $f (ref null $unary)) (param $x i32) (result i32)
    (call_ref $unary (local.get $x) (local.get $f)))
)
;; ;; allocate
;;      0: sub rsp,0x18
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x76
;;      c: mov QWORD PTR [rsp+0x10],rbx
;; L0:
;;     11: mov rbx,QWORD PTR [r15]
;;     14: mov rax,QWORD PTR [rbx+0x88]
;;     1b: sub rax,QWORD PTR [rbx+0x80]
;;     22: cmp rax,0x18
;;     26: jl 0x55
;; L2:
;;     28: mov rax,QWORD PTR [rbx+0x80]
;;     2f: mov rcx,rax
;;     32: add rcx,0x18
;;     36: mov QWORD PTR [rbx+0x80],rcx
;;     3d: mov ecx,DWORD PTR [r15+0x3c]
;;     41: mov DWORD PTR [rax],ecx
;;     43: mov QWORD PTR [rax+0x8],rdi
;;     47: mov QWORD PTR [rax+0x10],rsi
;;     4b: mov rbx,QWORD PTR [rsp+0x10]
;;     50: add rsp,0x18
;;     54: ret
;; L3:
;;     55: mov QWORD PTR [rsp+0x8],rdi
;;     5a: mov QWORD PTR [rsp],rsi
;;     5e: mov edi,0x18
;;     63: mov r11,QWORD PTR [r15+0x10]
;;     67: call QWORD PTR [r11+0x40]
;;     6b: mov rdi,QWORD PTR [rsp+0x8]
;;     70: mov rsi,QWORD PTR [rsp]
;;     74: jmp 0x28
;; L5:
;;     76: ud2
;; ;; field
;; L0:
;;      0: movsd xmm0,QWORD PTR [rdi+0x8]
;;      5: ret
;; ;; write
;; L0:
;;      0: movsd QWORD PTR [rdi+0x8],xmm0
;;      5: ret
;; ;; cast
;; L0:
;;      0: mov rax,rdi
;;      3: test al,0x3
;;      5: jne 0x1b
;;      7: mov eax,DWORD PTR [rdi]
;;      9: mov rcx,QWORD PTR [r15+0x20]
;;      d: mov eax,DWORD PTR [rcx+rax*1+0x8]
;;     11: cmp eax,DWORD PTR [r15+0x34]
;;     15: jne 0x1d
;;     17: mov rax,rdi
;;     1a: ret
;; L2:
;;     1b: ud2
;; L4:
;;     1d: ud2
;; ;; test
;; L0:
;;      0: test rdi,rdi
;;      3: jne 0x9
;; L1:
;;      5: xor eax,eax
;;      7: jmp 0x27
;; L2:
;;      9: mov rax,rdi
;;      c: test al,0x3
;;      e: jne 0x25
;; L3:
;;     10: mov eax,DWORD PTR [rdi]
;;     12: mov rcx,QWORD PTR [r15+0x20]
;;     16: mov ecx,DWORD PTR [rcx+rax*1+0xc]
;;     1a: xor eax,eax
;;     1c: cmp ecx,DWORD PTR [r15+0x38]
;;     20: sete al
;;     23: jmp 0x27
;; L4:
;;     25: xor eax,eax
;; L5:
;;     27: ret
;; ;; i31
;; L0:
;;      0: lea eax,[rdi+rdi*1+0x1]
;;      4: ret
;; ;; number
;; L0:
;;      0: test rdi,rdi
;;      3: je 0xb
;;      5: mov rax,rdi
;;      8: sar eax,1
;;      a: ret
;; L2:
;;      b: ud2
;; ;; element
;; L0:
;;      0: mov eax,esi
;;      2: mov ecx,DWORD PTR [rdi+0x4]
;;      5: cmp eax,ecx
;;      7: jae 0x1b
;;      9: cmp rax,rcx
;;      c: mov ecx,0x0
;;     11: cmovb rcx,rax
;;     15: movzx eax,BYTE PTR [rdi+rcx*1+0x8]
;;     1a: ret
;; L3:
;;     1b: ud2
;; ;; call
;;      0: sub rsp,0x8
;;      4: mov r11,QWORD PTR [r15]
;;      7: cmp rsp,QWORD PTR [r11]
;;      a: jb 0x24
;;      c: mov QWORD PTR [rsp],r15
;; L0:
;;     10: mov rax,rdi
;;     13: mov edi,esi
;;     15: mov r15,QWORD PTR [rax+0x8]
;;     19: call QWORD PTR [rax]
;;     1b: mov r15,QWORD PTR [rsp]
;;     1f: add rsp,0x8
;;     23: ret
;; L2:
;;     24: ud2
