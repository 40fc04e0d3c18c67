using GreenServe.Records.Documents;
using GreenServe.Records.Slos;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Policies;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Experiments;
using GreenServe.Workloads.Models;
using NJsonSchema;
using NJsonSchema.Validation;

namespace GreenServe.Tests.Workloads;

/// <summary>Holds the JSON schemas of <c>workloads/schema</c> equal to the records, and every catalog file valid by them.</summary>
public sealed class SchemaTests
{
    private const string UpdateVariable = "GREENSERVE_UPDATE_SCHEMAS";

    private static readonly Dictionary<string, string> Schemas = new()
    {
        ["workload"] = DocumentSchema.Of<Workload>(),
        ["slo"] = DocumentSchema.Of<SloProfile>(),
        ["model"] = DocumentSchema.Of<ModelDefinition>(),
        ["experiment"] = DocumentSchema.Of<Experiment>(),
        ["cluster"] = DocumentSchema.Of<ClusterFile>(),
        ["policy"] = DocumentSchema.Of<PolicyDefinition>(),
    };

    public static TheoryData<string> Names() => [.. Schemas.Keys];

    public static TheoryData<string, string> CatalogFiles()
    {
        TheoryData<string, string> files = [];
        (string Folder, string Schema)[] folders =
        [
            ("workloads/catalog", "workload"),
            ("workloads/slos", "slo"),
            ("workloads/models", "model"),
            ("paper-artifacts/experiments", "experiment"),
            ("paper-artifacts/experiments/policies", "experiment"),
            ("benchmarks/GreenServe.Simulation/profiles/policies", "policy"),
        ];
        foreach ((string folder, string schema) in folders.Where(pair => Directory.Exists(Repository.PathOf(pair.Folder))))
        {
            foreach (string path in Directory.GetFiles(Repository.PathOf(folder), "*.yaml").Order(StringComparer.Ordinal))
            {
                files.Add($"{folder}/{Path.GetFileName(path)}", schema);
            }
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SchemaFile_EqualsTheRecord(string name)
    {
        string path = Repository.PathOf("workloads", "schema", $"{name}.schema.json");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(path, Schemas[name]);
        }

        bool same = File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == Schemas[name];

        const string Update = $"{UpdateVariable}=1 dotnet test tests/GreenServe.Tests --filter {nameof(SchemaTests)}";
        Assert.True(same, $"{path} is not what the records say. To write it: {Update}");
    }

    [Theory]
    [MemberData(nameof(CatalogFiles))]
    public async Task CatalogFile_IsValidByItsSchema(string file, string schema)
    {
        JsonSchema json = await JsonSchema.FromJsonAsync(Schemas[schema]);
        string document = DocumentTree.Read(Repository.PathOf(file)).Root!.ToJsonString();

        Assert.Empty(json.Validate(document).Select(error => error.ToString()));
    }

    [Theory]
    [InlineData("seed: -1")]
    [InlineData("arrival: { kind: poisson, requests_per_second: 0 }")]
    [InlineData("arrival: { kind: burst }")]
    [InlineData("unknown: 1")]
    [InlineData("requests: ten")]
    public async Task Schema_RefusesWhatBindingRefuses(string change)
    {
        JsonSchema json = await JsonSchema.FromJsonAsync(Schemas["workload"]);
        DocumentTree right = DocumentTree.Parse(WorkloadCatalog.TextOf("fixed-512-128"));
        DocumentTree changed = DocumentTree.Parse(change);
        string key = changed.Root!.AsObject().First().Key;

        ICollection<ValidationError> errors = json.Validate(right.With(key, changed.Root![key]).Root!.ToJsonString());

        Assert.Empty(json.Validate(right.Root!.ToJsonString()));
        Assert.NotEmpty(errors);
    }
}
