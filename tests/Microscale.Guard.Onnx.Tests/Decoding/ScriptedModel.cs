using System.Text.Json;
using System.Text.Json.Nodes;
using Microscale.Guard.Onnx.Tests.Models;
using Microscale.Guard.Onnx.Tests.Tokenization;

namespace Microscale.Guard.Onnx.Tests.Decoding;

/// <summary>A model folder whose graph says a given text, whatever it is asked: its logits depend on the place alone.</summary>
internal static class ScriptedModel
{
    private const int Vocabulary = 1100;
    private const int Context = 2048;

    /// <summary>Writes the folder. The text begins after the prompt, which has a known length.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="template">The chat template.</param>
    /// <param name="controlTokens">Names of control tokens; the last ends an answer.</param>
    /// <param name="promptLength">Tells the length of the prompt, given the folder without a graph.</param>
    /// <param name="answer">What the model says, control tokens by name.</param>
    public static ModelFolder Write(
        TemporaryFolder folder, string template, IReadOnlyList<string> controlTokens, Func<ChatTemplate, int> promptLength, string answer)
    {
        folder.Write("tokenizer.json", TinyTokenizer.ByteLevel.ToLlama3Json(
            added: [.. controlTokens.Select((t, i) => TinyTokenizer.AddedToken(t, 1000 + i, special: true))]));
        folder.Write("tokenizer_config.json", new JsonObject { ["bos_token"] = "<s>", ["eos_token"] = controlTokens[^1], ["chat_template"] = template }.ToJsonString());
        folder.Write("config.json", JsonSerializer.Serialize(new
        {
            vocab_size = Vocabulary,
            hidden_size = 1,
            num_hidden_layers = 1,
            num_attention_heads = 1,
            max_position_embeddings = Context,
            eos_token_id = 1000 + controlTokens.Count - 1,
        }));
        var opened = ModelFolder.Open(folder.Path, verifyChecksums: false);
        var tokenizer = ChatTokenizer.Load(opened);
        var start = promptLength(ChatTemplate.Load(opened, tokenizer, "scripted", TimeProvider.System));
        int[] script = [.. tokenizer.EncodeTrusted(answer), 1000 + controlTokens.Count - 1];
        File.WriteAllBytes(Path.Combine(folder.Path, "model.onnx"), Graph(script, start));
        return opened;
    }

    private static byte[] Graph(int[] script, int start)
    {
        var table = new float[Context * Vocabulary];
        for (var i = 0; i < script.Length; i++)
        {
            table[((start - 1 + i) * Vocabulary) + script[i]] = 20;
        }

        var graph = new OnnxGraph();
        var ids = graph.Input("input_ids", OnnxGraph.Int64, "batch", "length");
        graph.Input("attention_mask", OnnxGraph.Int64, "batch", "total");
        var positions = graph.Input("position_ids", OnnxGraph.Int64, "batch", "length");
        var row = graph.Op("Unsqueeze", [graph.Op("Cast", [ids], ("to", (long)OnnxGraph.Float)), graph.Constant([1L, 3L], 2)]);
        foreach (var part in (string[])["0.key", "0.value"])
        {
            var past = graph.Input($"past_key_values.{part}", OnnxGraph.Float, "batch", 1, "past", 1);
            graph.Rename(graph.Op("Concat", [past, row], ("axis", 2L)), $"present.{part}");
            graph.Output($"present.{part}", OnnxGraph.Float, "batch", 1, "total", 1);
        }

        graph.Rename(graph.Op("Gather", [graph.Constant(table, Context, Vocabulary), positions]), "logits");
        graph.Output("logits", OnnxGraph.Float, "batch", "length", Vocabulary);
        return graph.ToModel();
    }
}
