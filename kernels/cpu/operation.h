// What the project's TensorFlow operations share: typed access to their tensors, and registration by one call.
#pragma once
#include <tensorflow/c/kernels.h>
#include <tensorflow/c/ops.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "parallel.h"

namespace multiprize {

// An input or output of one run of an operation. Deletes its handle.
struct Tensor {
  TF_Tensor* handle = nullptr;
  ~Tensor() {
    if (handle) TF_DeleteTensor(handle);
  }
  int64_t size() const { return TF_TensorElementCount(handle); }
  int64_t dim(int i) const { return TF_Dim(handle, i); }
  template <typename T>
  T* data() const {
    return static_cast<T*>(TF_TensorData(handle));
  }
};

// One run: inputs by index, outputs allocated in the shape of an input or a given one.
class Run {
 public:
  explicit Run(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Run() { TF_DeleteStatus(status_); }

  void input(int index, Tensor& tensor) { TF_GetInput(context_, index, &tensor.handle, status_); }

  // A new output of element type T, shaped as `like`.
  template <typename T>
  T* output(int index, TF_DataType type, const Tensor& like, Tensor& tensor) {
    std::vector<int64_t> dims(TF_NumDims(like.handle));
    for (size_t i = 0; i < dims.size(); i++) dims[i] = like.dim(static_cast<int>(i));
    return output<T>(index, type, dims, tensor);
  }

  // A new output of element type T and the given shape.
  template <typename T>
  T* output(int index, TF_DataType type, const std::vector<int64_t>& dims, Tensor& tensor) {
    size_t bytes = sizeof(T);
    for (const int64_t dim : dims) bytes *= static_cast<size_t>(dim);
    tensor.handle = TF_AllocateOutput(context_, index, type, dims.data(), static_cast<int>(dims.size()), bytes, status_);
    return tensor.data<T>();
  }

  // Ends the run with an error unless `holds`; gives back `holds`.
  bool require(bool holds, const char* message) { return require(holds, TF_INVALID_ARGUMENT, message); }

  // The same for scores that must be numbers; src/backend/nativeOperations.ts knows the code.
  bool requireNumbers(bool holds) { return require(holds, TF_OUT_OF_RANGE, "scores contain NaN"); }

 private:
  bool require(bool holds, TF_Code code, const char* message) {
    if (!holds) {
      TF_SetStatus(status_, code, message);
      TF_OpKernelContext_Failure(context_, status_);
    }
    return holds;
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
};

// Registers an operation for the processor: `interface` lists inputs, outputs and attributes as TensorFlow writes
// them ("x: float"), outputs beginning with '>' and attributes with '@'. Output i has the shape of input i unless
// there are fewer inputs. Returns whether TensorFlow took it.
bool registerOperation(const char* name, const std::vector<const char*>& interface,
                       void* (*create)(TF_OpKernelConstruction*), void (*compute)(void*, TF_OpKernelContext*),
                       void (*destroy)(void*));

bool registerSelect();
bool registerGlobalBoundary();
bool registerScoreGradient();
bool registerOptimizers();
bool registerMaxPool();
bool registerRelu();
bool registerBatchNorm();
bool registerRunningStatistics();
bool registerSign();
bool registerConvolution();
bool registerInt16Convolution();
bool registerInt16FilterGradient();
bool registerStridedConvolution();
bool registerInt16StridedConvolution();
bool registerFirstLayer();
bool registerPointwise();

}  // namespace multiprize
