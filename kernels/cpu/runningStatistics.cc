// Batch norm's running statistics after a batch. Twin: the composition in layers/runningStatistics.
#include "operation.h"

namespace multiprize {
namespace {

struct Settings {
  float kept = 0, fresh = 0, unbiased = 0;
};

void* create(TF_OpKernelConstruction* construction) {
  auto* settings = new Settings;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrFloat(construction, "kept", &settings->kept, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "fresh", &settings->fresh, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "unbiased", &settings->unbiased, status);
  TF_DeleteStatus(status);
  return settings;
}
void destroy(void* kernel) { delete static_cast<Settings*>(kernel); }

// kept·running + fresh·batch, of the mean and of the variance, which is multiplied by `unbiased` first.
void compute(void* kernel, TF_OpKernelContext* context) {
  const Settings settings = *static_cast<Settings*>(kernel);
  Run run(context);
  Tensor means, variances, runningMeans, runningVariances, newMeans, newVariances;
  run.input(0, means);
  run.input(1, variances);
  run.input(2, runningMeans);
  run.input(3, runningVariances);
  const int64_t channels = means.size();
  for (const Tensor* each : {&variances, &runningMeans, &runningVariances}) {
    if (!run.require(each->size() == channels, "channels do not fit")) return;
  }
  const auto *mean = means.data<float>(), *variance = variances.data<float>();
  const auto *runningMean = runningMeans.data<float>(), *runningVariance = runningVariances.data<float>();
  float* toMean = run.output<float>(0, TF_FLOAT, means, newMeans);
  float* toVariance = run.output<float>(1, TF_FLOAT, means, newVariances);
  for (int64_t c = 0; c < channels; c++) {
    toMean[c] = runningMean[c] * settings.kept + mean[c] * settings.fresh;
    toVariance[c] = runningVariance[c] * settings.kept + variance[c] * settings.unbiased * settings.fresh;
  }
}

}  // namespace

bool registerRunningStatistics() {
  return registerOperation("MultiprizeRunningStatistics",
                           {"mean: float", "variance: float", "running_mean: float", "running_variance: float",
                            ">new_mean: float", ">new_variance: float", "@kept: float", "@fresh: float",
                            "@unbiased: float"},
                           create, compute, destroy);
}

}  // namespace multiprize
