// Loaded by Node after TensorFlow: registers the project's operations with it.
#include <node_api.h>

#include "operation.h"
#include "vector.h"

NAPI_MODULE_INIT() {
  using namespace multiprize;
  const bool taken = registerSelect() && registerGlobalBoundary() && registerScoreGradient() && registerOptimizers() &&
                     registerMaxPool() && registerRelu() && registerBatchNorm() && registerRunningStatistics() &&
                     registerSign() && registerConvolution() && registerInt16Convolution() && registerInt16FilterGradient() &&
                     registerStridedConvolution() && registerInt16StridedConvolution() && registerFirstLayer() &&
                     registerPointwise();
  if (!taken) napi_throw_error(env, nullptr, "TensorFlow refused an operation of the project's");
  napi_value width;
  napi_create_int32(env, kWidth, &width);
  napi_set_named_property(env, exports, "vectorWidth", width);
  napi_value sixteenBits;
  napi_get_boolean(env, MULTIPRIZE_SIXTEEN_BITS, &sixteenBits);
  napi_set_named_property(env, exports, "sixteenBits", sixteenBits);
  return exports;
}
