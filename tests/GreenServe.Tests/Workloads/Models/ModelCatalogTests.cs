using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads.Models;

namespace GreenServe.Tests.Workloads.Models;

public sealed class ModelCatalogTests
{
    // Published counts in billions, as the authors or the model hub state them; the shape has to give them within what norms,
    // biases and rounding can explain.
    [Theory]
    [InlineData("llama-2-7b", 6.738)]
    [InlineData("llama-2-13b", 13.016)]
    [InlineData("llama-2-70b", 68.977)]
    [InlineData("llama-3-8b", 8.030)]
    [InlineData("llama-3-70b", 70.554)]
    [InlineData("llama-3.1-8b", 8.030)]
    [InlineData("llama-3.1-70b", 70.554)]
    [InlineData("llama-3.1-405b", 405.854)]
    [InlineData("llama-3.2-1b", 1.236)]
    [InlineData("llama-3.2-3b", 3.213)]
    [InlineData("codellama-34b", 33.744)]
    [InlineData("mixtral-8x7b", 46.703)]
    [InlineData("mixtral-8x22b", 140.63)]
    [InlineData("falcon-180b", 179.52)]
    [InlineData("bloom-176b", 176.247)]
    [InlineData("qwen2.5-3b", 3.086)]
    [InlineData("qwen3-8b", 8.191)]
    [InlineData("qwen3-14b", 14.768)]
    [InlineData("qwen3-32b", 32.762)]
    [InlineData("qwen3-30b-a3b", 30.532)]
    [InlineData("gemma-2-2b", 2.614)]
    [InlineData("gemma-2-9b", 9.242)]
    [InlineData("gemma-2-27b", 27.227)]
    [InlineData("phi-3-mini-4k", 3.821)]
    [InlineData("phi-3-small-8k", 7.392)]
    [InlineData("phi-3-medium-4k", 13.960)]
    [InlineData("mistral-7b", 7.248)]
    [InlineData("mistral-nemo-12b", 12.248)]
    [InlineData("mistral-large-123b", 122.61)]
    [InlineData("gpt-oss-120b", 116.83)]
    [InlineData("gpt-oss-20b", 20.91)]
    [InlineData("qwen3-235b-a22b", 235.1)]
    [InlineData("qwen3-coder-480b-a35b", 480.15)]
    [InlineData("llama-15m", 0.0152)]
    [InlineData("llama-110m", 0.1095)]
    public void Read_GivesAShapeWithThePublishedParameterCount(string name, double billions) =>
        Assert.Equal(billions, ModelCatalog.Read(name).ParameterCount() / 1e9, 0.001 * billions);

    [Fact]
    public void Names_AreAllCoveredByThePublishedCounts()
    {
        IEnumerable<object?> tested = typeof(ModelCatalogTests)
            .GetMethod(nameof(Read_GivesAShapeWithThePublishedParameterCount))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Select(attribute => ((InlineDataAttribute)attribute).GetData(null!).Single()[0]);

        Assert.Equal(ModelCatalog.Names, tested.Cast<string>().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_DivideAmongEightGpus_WhereTheModelIsLarge() =>
        Assert.All(
            ModelCatalog.Names.Select(name => ModelCatalog.Read(name)).Where(model => model.ParameterCount() > 60e9),
            model => Assert.Equal(0, model.Heads % 8));

    [Theory]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b")]
    [InlineData("META-LLAMA/meta-llama-3.1-70b-instruct", "llama-3.1-70b")]
    [InlineData("llama2-70b", "llama-2-70b")]
    [InlineData("Llama-2-7B", "llama-2-7b")]
    public void Read_FindsTheModel_ByAnAliasInAnyCase(string alias, string name)
    {
        Assert.Equal(name, ModelCatalog.Read(alias).Name);
        Assert.Equal(name, ModelCatalog.Find(alias)!.Name);
    }

    [Theory]
    [InlineData("llama-9")]
    [InlineData("meta-llama/Llama-9")]
    public void Read_ListsTheNames_WhenTheModelIsUnknown(string name)
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ModelCatalog.Read(name));

        Assert.StartsWith($"model: got '{name}', want one of bloom-176b, ", exception.Message, StringComparison.Ordinal);
        Assert.Null(ModelCatalog.Find(name));
    }

    [Fact]
    public void Read_ReadsAFile_WhenItIsAPath()
    {
        using TemporaryFolder folder = new();
        folder.Write("own.yaml", """
            name: own
            source: a test
            layers: 2
            hidden_size: 64
            intermediate_size: 128
            heads: 4
            key_value_heads: 2
            head_size: 16
            vocabulary_size: 100
            context_tokens: 512
            """);

        ModelDefinition model = ModelCatalog.Read("own.yaml", folder.Root);

        // Two layers of 2·64·16·(4+2) attention and 3·64·128 feed-forward weights, embedding and head of 100·64 each.
        Assert.Equal((2 * ((2 * 64 * 16 * 6) + (3 * 64 * 128))) + (2 * 100 * 64), model.ParameterCount());
    }

    [Theory]
    [InlineData("key_value_heads: 3", "$.key_value_heads: got 3, want a divisor of heads (4)")]
    [InlineData("key_value_heads: 2\nexperts_per_token: 2", "$.experts_per_token: got 2, want at most experts (1)")]
    public void Read_RefusesTheShape_WhenItCannotBe(string keys, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(
            "own.yaml",
            "name: own\nsource: a test\nlayers: 2\nhidden_size: 64\nintermediate_size: 128\n"
            + "heads: 4\nhead_size: 16\nvocabulary_size: 100\ncontext_tokens: 512\n" + keys);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ModelCatalog.Read(path));

        Assert.EndsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_KnowsEveryModelOfTheValidationPoints()
    {
        int column = File.ReadLines(Repository.PointsFiles[0]).First().Split(',').Index().Single(pair => pair.Item == "model").Index;

        // Two rows are of a range or of a model that its source does not name.
        string[] unknown =
        [
            .. Repository.PointsFiles.SelectMany(path => File.ReadLines(path).Skip(1))
                .Select(line => CsvFields(line)[column]).Distinct().Where(name => ModelCatalog.Find(name) is null),
        ];

        Assert.Equal(["1B-32B", "LLaMA (HF, single stream)"], unknown.Order(StringComparer.Ordinal));
    }

    private static string[] CsvFields(string line)
    {
        using CsvHelper.CsvParser parser = new(new StringReader(line), System.Globalization.CultureInfo.InvariantCulture);
        parser.Read();
        return parser.Record!;
    }
}
