using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Datasets;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Tests.Workloads;

public sealed class WorkloadDatasetTests
{
    private static readonly Workload Plain = Samples.Workload(new PoissonArrival { RequestsPerSecond = 2 });

    [Fact]
    public void Apply_NamesTheFileAndFixesItsContent()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("set.jsonl", "{\"prompt\": \"x\"}");

        Workload workload = WorkloadDataset.Apply(Plain, path);

        Assert.Equal((folder.Root, "set.jsonl"), (workload.Folder, workload.Dataset!.File));
        Assert.Equal(DatasetFile.ComputeSha256(path), workload.Dataset.Sha256);
        Assert.IsType<DatasetLengths>(workload.Lengths);
        Assert.Empty(workload.Check());
    }

    [Fact]
    public void Apply_UsesTheLengthsOfATrace_WhenTheFileIsOne()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("trace.jsonl", """{"timestamp": 0, "input_length": 5, "output_length": 6, "hash_ids": [1]}""");

        Workload workload = WorkloadDataset.Apply(Plain, path);

        Assert.IsType<TraceLengths>(workload.Lengths);
        Assert.Equal("trace.jsonl", workload.Trace!.File);
        Assert.Null(workload.Dataset);
        Assert.Empty(workload.Check());
    }

    [Fact]
    public void Apply_ChangesNothing_WhenPromptsAreRandom() => Assert.Same(Plain, WorkloadDataset.Apply(Plain, "random"));

    [Theory]
    [InlineData("no-such-file.json", "an existing file of prompts")]
    [InlineData(null, "a dataset, a trace, random or sonnet")]
    public void Apply_SaysWhatADatasetIs_WhenTheFileIsNone(string? missing, string allowed)
    {
        using TemporaryFolder folder = new();
        string path = missing ?? folder.Write("set.csv", "a,b\n1,2\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => WorkloadDataset.Apply(Plain, path));

        Assert.Contains(exception.Problems, problem => problem.Allowed == allowed);
    }

    [Fact]
    public void WithTokenizer_NamesTheFileFromTheFolderOfTheDataset()
    {
        using TemporaryFolder folder = new();
        string tokenizer = folder.Write("models/tokenizer.json", TinyTokenizer.Json);
        Workload drawn = WorkloadDataset.Apply(Plain, folder.Write("sets/set.jsonl", "{\"prompt\": \"x\"}"));

        Assert.Equal(
            Path.Combine("..", "models", "tokenizer.json"), WorkloadDataset.WithTokenizer(drawn, tokenizer).Dataset!.Tokenizer);
        Assert.Throws<InvalidInputException>(() => WorkloadDataset.WithTokenizer(Plain, tokenizer));
    }

    [Fact]
    public void Check_FindsLengthsAndDatasets_ThatDoNotBelongTogether()
    {
        Assert.Equal("$.dataset", Assert.Single((Plain with { Lengths = new DatasetLengths() }).Check()).Place);
        Assert.Equal("$.lengths.kind", Assert.Single((Plain with { Dataset = new DatasetSource { File = "a" } }).Check()).Place);
    }

    [Fact]
    public void ToCanonicalJson_HoldsNoDataset_WhenThereIsNone() =>
        Assert.DoesNotContain("dataset", Plain.ToCanonicalJson(), StringComparison.Ordinal);
}
