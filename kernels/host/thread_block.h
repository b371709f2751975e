// The part of cuda_on_host.h that runs a launch: its blocks, their threads and barriers.

#ifndef GPUSYN_THREAD_BLOCK_H
#define GPUSYN_THREAD_BLOCK_H

namespace cuda_on_host {

constexpr size_t stack_bytes = 256 * 1024;

// A stack on which threads of a block run, one at a time.
struct Fiber {
    ucontext_t context;
    std::unique_ptr<char[]> stack;
    unsigned int thread;    // linear index of the thread that it carries
    int barrier;            // source line of the barrier at which that thread waits
};

// Everything of the launch under way; one launch at a time.
static std::mutex device;
static ucontext_t scheduler;
static Fiber* running;
static std::vector<std::unique_ptr<Fiber>> fibers;
static std::vector<Fiber*> idle, waiting;
static unsigned int n_thread, n_started;
static bool descending;
static void (*call_kernel)(void*);
static void* kernel_and_arguments;
static char message[256];

static void take_identity(unsigned int thread)
{
    threadIdx.x = thread % blockDim.x;
    threadIdx.y = thread / blockDim.x % blockDim.y;
    threadIdx.z = thread / blockDim.x / blockDim.y;
}

static void run_fiber()
{
    for (;;) {
        while (n_started < n_thread) {
            const unsigned int rank = n_started++;
            running->thread = descending ? n_thread - 1 - rank : rank;
            take_identity(running->thread);
            call_kernel(kernel_and_arguments);
        }
        idle.push_back(running);
        swapcontext(&running->context, &scheduler);
    }
}

static void resume(Fiber* fiber)
{
    running = fiber;
    swapcontext(&scheduler, &fiber->context);
}

static Fiber* idle_fiber()
{
    if (idle.empty()) {
        Fiber* fiber = fibers.emplace_back(std::make_unique<Fiber>()).get();
        fiber->stack.reset(new char[stack_bytes]);
        getcontext(&fiber->context);
        fiber->context.uc_stack.ss_sp = fiber->stack.get();
        fiber->context.uc_stack.ss_size = stack_bytes;
        fiber->context.uc_link = nullptr;
        makecontext(&fiber->context, run_fiber, 0);
        return fiber;
    }
    Fiber* fiber = idle.back();
    idle.pop_back();
    return fiber;
}

// Called by a kernel's thread: park it and let the others come to the same line.
__attribute__((noinline, unused)) static void wait_at_barrier(int line)
{
    Fiber* const self = running;
    self->barrier = line;
    waiting.push_back(self);
    swapcontext(&self->context, &scheduler);
    take_identity(self->thread);
}

// True if the threads may pass: all of the block wait, and at one line.
static bool barrier_is_met()
{
    if (waiting.size() != n_thread) {
        snprintf(message, sizeof message, "%u of %u threads of block (%u, %u, %u) returned while the others wait at "
                 "__syncthreads() in line %d", unsigned(n_thread - waiting.size()), n_thread, blockIdx.x, blockIdx.y,
                 blockIdx.z, waiting[0]->barrier);
        return false;
    }
    for (const Fiber* fiber : waiting) {
        if (fiber->barrier == waiting[0]->barrier) continue;
        snprintf(message, sizeof message, "threads %u and %u of block (%u, %u, %u) wait at different barriers, lines "
                 "%d and %d", waiting[0]->thread, fiber->thread, blockIdx.x, blockIdx.y, blockIdx.z,
                 waiting[0]->barrier, fiber->barrier);
        return false;
    }
    return true;
}

static bool run_block()
{
    n_started = 0;
    while (n_started < n_thread) resume(idle_fiber());
    while (!waiting.empty()) {
        if (!barrier_is_met()) return false;
        const std::vector<Fiber*> released = std::exchange(waiting, {});
        for (Fiber* fiber : released) resume(fiber);
    }
    return true;
}

static bool run_grid()
{
    const unsigned long long n_block = 1ull * gridDim.x * gridDim.y * gridDim.z;
    for (unsigned long long rank = 0; rank < n_block; ++rank) {
        const unsigned long long block = descending ? n_block - 1 - rank : rank;
        blockIdx.x = block % gridDim.x;
        blockIdx.y = block / gridDim.x % gridDim.y;
        blockIdx.z = block / gridDim.x / gridDim.y;
        if (!run_block()) return false;
    }
    return true;
}

// Launch a kernel; `arguments[i]` points to its i-th argument. Returns null, or what went wrong.
template <class... Argument>
const char* launch(void (*kernel)(Argument...), const unsigned int* grid, const unsigned int* block, void** arguments,
                   int in_descending_order)
{
    const std::lock_guard<std::mutex> lock(device);
    auto call = [&]<size_t... i>(std::index_sequence<i...>) {
        kernel(*static_cast<std::remove_cv_t<Argument>*>(arguments[i])...);
    };
    auto body = [&] { call(std::index_sequence_for<Argument...>{}); };
    call_kernel = [](void* closure) { (*static_cast<decltype(body)*>(closure))(); };
    kernel_and_arguments = &body;
    gridDim = {grid[0], grid[1], grid[2]};
    blockDim = {block[0], block[1], block[2]};
    n_thread = block[0] * block[1] * block[2];
    descending = in_descending_order;
    waiting.clear();
    idle.clear();
    fibers.clear();
    return run_grid() ? nullptr : message;
}

}  // namespace cuda_on_host

#endif
