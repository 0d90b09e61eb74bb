#include "operation.h"

namespace multiprize {

bool registerOperation(const char* name, const std::vector<const char*>& interface,
                       void* (*create)(TF_OpKernelConstruction*), void (*compute)(void*, TF_OpKernelContext*),
                       void (*destroy)(void*)) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* part : interface) {
    if (part[0] == '>') {
      TF_OpDefinitionBuilderAddOutput(definition, part + 1);
    } else if (part[0] == '@') {
      TF_OpDefinitionBuilderAddAttr(definition, part + 1);
    } else {
      TF_OpDefinitionBuilderAddInput(definition, part);
    }
  }
  TF_OpDefinitionBuilderSetShapeInferenceFunction(
      definition, [](TF_ShapeInferenceContext* context, TF_Status* result) {
        TF_ShapeInferenceContextSetUnknownShape(context, result);
      });
  TF_RegisterOpDefinition(definition, status);
  bool taken = TF_GetCode(status) == TF_OK;
  if (taken) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", create, compute, destroy);
    TF_RegisterKernelBuilder(name, kernel, status);
    taken = TF_GetCode(status) == TF_OK;
  }
  TF_DeleteStatus(status);
  return taken;
}

}  // namespace multiprize
