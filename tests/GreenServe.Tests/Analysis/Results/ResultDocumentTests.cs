using GreenServe.Analysis.Grids;
using GreenServe.Analysis.Metrics;
using GreenServe.Analysis.Results;
using GreenServe.Records.Documents;
using GreenServe.Tests.Fixtures;
using NJsonSchema;

namespace GreenServe.Tests.Analysis.Results;

public sealed class ResultDocumentTests
{
    private const string UpdateVariable = "GREENSERVE_UPDATE_SCHEMAS";

    [Fact]
    public void SchemaFile_EqualsTheRecord()
    {
        string path = Repository.PathOf("docs", "reference", "result.schema.json");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, DocumentSchema.Of<ResultDocument>());
        }

        bool same = File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == DocumentSchema.Of<ResultDocument>();

        const string Update = $"{UpdateVariable}=1 dotnet test tests/GreenServe.Tests --filter {nameof(ResultDocumentTests)}";
        Assert.True(same, $"{path} is not what the records say. To write it: {Update}");
    }

    [Fact]
    public async Task Document_IsValidByItsSchema_AndHasEveryMetric()
    {
        using TemporaryFolder folder = new();
        new SyntheticRun().WriteAndRead(folder.PathOf("run"));
        ResultPoint point = ResultPoint.Of(ExperimentRun.Read(folder.PathOf("run")));
        ResultDocument document = new() { Command = "run", ExitCode = 0, Points = [point] };
        JsonSchema schema = await JsonSchema.FromJsonAsync(DocumentSchema.Of<ResultDocument>());

        Assert.Empty(schema.Validate(DocumentContract.Canonical(document)).Select(error => error.ToString()));
        Assert.Equal(
            MetricCatalog.All.Where(metric => metric.AppliesTo is null).Select(metric => metric.Name), document.Points[0].Metrics.Keys);
        Assert.All(document.Points[0].Metrics.Values, metric => Assert.True(metric.Value is null != metric.NotMeasured is null));
    }
}
