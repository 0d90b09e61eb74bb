// Loaded by Node after TensorFlow: registers the project's operations with it.
#include <node_api.h>

#include "operation.h"

NAPI_MODULE_INIT() {
  using namespace multiprize;
  const bool taken = registerSelect() && registerGlobalBoundary() && registerScoreGradient() && registerOptimizers() &&
                     registerMaxPool() && registerBatchNorm() && registerSign();
  if (!taken) napi_throw_error(env, nullptr, "TensorFlow refused an operation of the project's");
  return exports;
}
