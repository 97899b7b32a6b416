using Microscale.Guard.Onnx;

namespace Microscale.Guard.Benchmarks;

/// <summary>Opens the models that are measured.</summary>
internal static class ModelFolders
{
    public static ModelFolder Chat => ModelFolder.Open(ModelLocator.Find(LocalModels.ChatModel));

    public static ModelFolder Entailment => ModelFolder.Open(ModelLocator.Find(LocalModels.EntailmentModel));
}
