using GreenServe.Engine.HuggingFace;
using GreenServe.Engine.Models;
using GreenServe.Engine.Weights;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Engine.HuggingFace;

public sealed class HuggingFaceFolderTests
{
    private static readonly DecoderShape Shape = TestModels.Grouped with { Layers = 1 };

    [Theory]
    [InlineData("BF16", 0.0)]
    [InlineData("F32", 0.0)]
    [InlineData("F16", 1e-3)]
    public void Open_GivesTheWeightsOfTheFile(string type, double relativeError)
    {
        using TemporaryFolder written = TestFolder.Write(Shape, seed: 3, type);
        RandomWeights expected = new(Shape, 3);

        using HuggingFaceFolder folder = HuggingFaceFolder.Open(written.Root);

        Assert.Equal(Shape with { Name = Path.GetFileName(written.Root) }, folder.Shape);
        Assert.Equal([2, 7], folder.EndTokens);
        foreach (DecoderTensor tensor in Shape.Tensors)
        {
            // From the middle, so that offsets count.
            float[] want = new float[tensor.Elements / 2];
            float[] got = new float[want.Length];
            expected.Read(tensor, tensor.Elements / 4, want);
            folder.Weights.Read(tensor, tensor.Elements / 4, got);
            Assert.All(want.Zip(got), pair =>
            {
                double allowed = (relativeError * Math.Abs(pair.First)) + (relativeError * 1e-4);
                Assert.InRange(Math.Abs(pair.First - pair.Second), 0, allowed);
            });
        }
    }

    [Fact]
    public void Open_ReadsSeveralFilesByTheirIndex()
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", TestFolder.Config(Shape));
        RandomWeights weights = new(Shape, 3);
        DecoderTensor[] tensors = [.. Shape.Tensors];
        TestFolder.WriteWeights(folder.PathOf("a.safetensors"), tensors[..4], weights, "BF16");
        TestFolder.WriteWeights(folder.PathOf("b.safetensors"), tensors[4..], weights, "BF16");
        string map = string.Join(",", tensors.Select((tensor, index) => $"\"{tensor.Name}\":\"{(index < 4 ? 'a' : 'b')}.safetensors\""));
        folder.Write("model.safetensors.index.json", $"{{\"weight_map\":{{{map}}}}}");

        using HuggingFaceFolder opened = HuggingFaceFolder.Open(folder.Root);

        float[] got = new float[8];
        float[] want = new float[8];
        opened.Weights.Read(Shape.Head, 0, got);
        weights.Read(Shape.Head, 0, want);
        Assert.Equal(want, got);
    }

    [Fact]
    public void Open_NamesTheTensorAndBothShapes_WhenTheyDiffer()
    {
        using TemporaryFolder folder = TestFolder.Write(Shape, seed: 3);
        folder.Write("config.json", TestFolder.Config(Shape with { IntermediateSize = 96 }));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        // Gate and up are (intermediate, hidden), down is (hidden, intermediate): three tensors differ, and all are named.
        Assert.Equal(3, exception.Problems.Count);
        Problem down = exception.Problems.Single(problem => problem.Place == "model.layers.0.mlp.down_proj.weight");
        Assert.Equal("[64, 160]", down.Found);
        Assert.Contains("[64, 96]", down.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NamesTheMissingTensors()
    {
        using TemporaryFolder folder = TestFolder.Write(Shape, seed: 3);
        folder.Write("config.json", TestFolder.Config(Shape with { Layers = 2 }));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        IEnumerable<string> missing = (Shape with { Layers = 2 }).Layer(1).All.Select(tensor => tensor.Name);
        Assert.Equal(missing, exception.Problems.Select(problem => problem.Place));
        Assert.All(exception.Problems, problem => Assert.Null(problem.Found));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(400)]
    [InlineData(-100)]
    public void Open_SaysThatAFileIsTruncated(int keptBytes)
    {
        using TemporaryFolder folder = TestFolder.Write(Shape, seed: 3);
        string path = folder.PathOf("model.safetensors");
        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..(keptBytes < 0 ? whole.Length + keptBytes : keptBytes)]);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        Assert.Contains("truncated", exception.Message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"t":{"dtype":"BF16","shape":[-1],"data_offsets":[0,2]}}""")]
    [InlineData("""{"t":{"dtype":"BF16","shape":[4294967296,4294967296],"data_offsets":[0,2]}}""")]
    [InlineData("""{"t":{"dtype":"BF16","shape":[2],"data_offsets":[4,0]}}""")]
    [InlineData("""{"t":{"dtype":"BF16","shape":[4611686018427387903],"data_offsets":[0,9223372036854775806]}}""")]
    [InlineData("""{"t":{"dtype":"BF16","shape":[2],"data_offsets":[0,2]}}""")]
    [InlineData("""{"t":{"shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"t":[]}""")]
    [InlineData("[1, 2]")]
    [InlineData("{ no json")]
    public void Open_RefusesABrokenHeader(string header)
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", TestFolder.Config(Shape));
        byte[] json = System.Text.Encoding.UTF8.GetBytes(header);
        byte[] content = [.. BitConverter.GetBytes((long)json.Length), .. json, 0, 0, 0, 0, 0, 0, 0, 0];
        File.WriteAllBytes(folder.PathOf("model.safetensors"), content);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        Assert.All(exception.Problems, problem => Assert.EndsWith("model.safetensors", problem.File, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_RefusesAnIndexThatLeavesItsFolder()
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", TestFolder.Config(Shape));
        folder.Write("model.safetensors.index.json", """{"weight_map":{"a":"../../etc/passwd"}}""");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        Assert.Contains("names of files beside it", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RefusesAnotherArchitecture()
    {
        using TemporaryFolder folder = TestFolder.Write(Shape, seed: 3);
        folder.Write("config.json", TestFolder.Config(Shape, "GPTNeoXForCausalLM"));

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        Assert.Contains("GPTNeoXForCausalLM", exception.Message, StringComparison.Ordinal);
        Assert.Contains("LlamaForCausalLM", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NamesEveryBrokenField()
    {
        using TemporaryFolder folder = new();
        folder.Write("config.json", """
            {"architectures":["LlamaForCausalLM"],"num_hidden_layers":0,"hidden_size":"wide","intermediate_size":160,
             "num_attention_heads":4,"vocab_size":320,"max_position_embeddings":64,"hidden_act":"gelu","attention_bias":true,
             "rope_scaling":{"rope_type":"yarn"}}
            """);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => HuggingFaceFolder.Open(folder.Root));

        string[] places = ["$.attention_bias", "$.hidden_act", "$.hidden_size", "$.num_hidden_layers", "$.rope_scaling.rope_type"];
        Assert.Equal(places, exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Open_ReadsTheStretchedRotaryPositionsOfLlama3()
    {
        using TemporaryFolder folder = TestFolder.Write(Shape, seed: 3);
        folder.Write("config.json", TestFolder.Config(Shape).Replace("\"rope_theta\": 10000.0", """
            "rope_theta": 500000.0, "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64, "rope_type": "llama3"}
            """, StringComparison.Ordinal));

        using HuggingFaceFolder opened = HuggingFaceFolder.Open(folder.Root);

        Assert.Equal(new RopeScaling(8, 1, 4, 64), opened.Shape.RopeScaling);
        Assert.Equal(500_000, opened.Shape.RopeTheta);

        // Pair 0 turns by one radian a position. Its wavelength of 2 pi is below 64 / 4, so it stays. The slowest pair of 16 elements turns
        // by 500000^(-14/16) a position. Its wavelength is far above 64, so it is slowed eightfold.
        Assert.Equal(1.0, opened.Shape.RotaryFrequency(0), tolerance: 1e-12);
        Assert.Equal(Math.Pow(500_000, -14.0 / 16) / 8, opened.Shape.RotaryFrequency(7), tolerance: 1e-12);
    }
}
