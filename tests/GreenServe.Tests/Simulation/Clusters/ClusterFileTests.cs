using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Grids;
using GreenServe.Simulation.Clusters;
using GreenServe.Simulation.Clusters.Monitoring;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Clusters;

public sealed class ClusterFileTests
{
    internal const string Fleet = """
        router: least_requests
        replicas:
          - { count: 2, gpu: H100-80GB-SXM, gpu_count: 8, engine: vllm-0.11, knobs: { tensor_parallelism: 8 }, classes: [LS, LM, LL] }
          - { gpu: H200, gpu_count: 4, engine: vllm-0.11, knobs: { tensor_parallelism: 2, gpu_clock_megahertz: 1410 } }
          - { gpu: H100-80GB-SXM, engine: vllm-0.11, knobs: { tensor_parallelism: 8 }, starts_off: true }
        changes:
          - { at_seconds: 5, replica: 2, action: set_clock, value: 1200 }
        start_seconds: 10
        """;

    [Fact]
    public void Read_MakesTheInstancesOfEachGroup_InTheirOrder()
    {
        using TemporaryFolder folder = new();

        ClusterDefinition cluster = ClusterFile.Read(folder.Write("fleet.cluster.yaml", Fleet)).For(TestSystems.Llama31For70B);

        Assert.Equal(
            ["H100-80GB-SXM", "H100-80GB-SXM", "H200", "H100-80GB-SXM"], cluster.Replicas.Select(replica => replica.System.Gpu.Name));
        Assert.Equal(8, cluster.Replicas[0].System.Gpus);
        Assert.Equal(1410.0, cluster.Replicas[2].System.Knobs.GpuClockMegahertz);
        Assert.Equal(4, cluster.Replicas[2].System.GpuCount);
        Assert.Equal(["LL", "LM", "LS"], cluster.Replicas[1].Classes!.Order(StringComparer.Ordinal));
        Assert.Null(cluster.Replicas[2].Classes);
        Assert.True(cluster.Replicas[3].StartsOff);
        Assert.Equal(new ReplicaChange(5, 2, ReplicaAction.SetClock, 1200), Assert.Single(cluster.Changes));
        Assert.Equal((RouterKind.LeastRequests, 10, 60), (cluster.Router, cluster.StartSeconds, cluster.ReshardSeconds));
        Assert.Empty(cluster.Check());
    }

    [Fact]
    public void Read_ReportsEveryProblemWithItsLine_WhenTheFileIsWrong()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(
            "bad.cluster.yaml", "replicas:\n  - { count: 0, gpu: H200, engine: vllm-0.11, classes: [XX] }\nrouter: fastest\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path));

        Assert.Equal(
            [("$.router", 3), ("$.replicas[0].count", 2)], exception.Problems.Select(problem => (problem.Place, problem.Line!.Value)));
    }

    [Fact]
    public void Read_NamesAClass_WhenThereIsNone()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("class.cluster.yaml", "replicas:\n  - { gpu: H200, engine: vllm-0.11, classes: [SS, XX] }\n");
        Assert.Contains("XX", Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TakesRowsSitesAirAndEmergencies()
    {
        using TemporaryFolder folder = new();
        folder.Write("west.csv", "seconds,grams_per_kilowatt_hour\n0,100\n50,200\n");
        string path = folder.Write("hall.cluster.yaml", """
            replicas:
              - { gpu: H100-80GB-SXM, engine: vllm-0.11, knobs: { tensor_parallelism: 8 }, row: a, site: west, host_watts: 2000 }
            rows: { a: { budget_watts: 7000, aisle: cold } }
            sites: { west: { grid: west.csv, start_seconds: 60, repeats_every_seconds: 100 } }
            thermal: { aisles: { cold: { cooled_watts: 6000 } } }
            emergencies: [{ from_seconds: 1, to_seconds: 2, budget_share: 0.75 }]
            """);

        ClusterDefinition cluster = ClusterFile.Read(path).For(TestSystems.Llama31For70B);

        Assert.Equal(("a", "west", 2000), (cluster.Replicas[0].Row, cluster.Replicas[0].Site, cluster.Replicas[0].HostWatts));
        Assert.Equal(7000, cluster.Facility.Rows["a"].BudgetWatts);
        Assert.Equal(0.75, cluster.Facility.BudgetShare("a", site: null, seconds: 1));

        // The run begins 60 s into the signal: 200 g for 40 s, then 100 g for 50 s, and again.
        GridSignal west = cluster.Facility.Sites["west"];
        Assert.Equal([200.0, 100, 200], ((double[])[0, 40, 90]).Select(second => west.At(second).GramsPerKilowattHour!.Value));
        Assert.Equal((25, 0.10, 60, 85), (cluster.Facility.Thermal!.InletCelsius, cluster.Facility.Thermal.CelsiusPerWatt,
            cluster.Facility.Thermal.LagSeconds, cluster.Facility.Thermal.ThrottleCelsius));
    }

    [Fact]
    public void Read_ReportsEveryNameThatIsNotKnown()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bad.cluster.yaml", """
            replicas:
              - { gpu: H200, engine: vllm-0.11, row: z, site: mars }
              - { gpu: H200, engine: vllm-0.11, row: a, site: west }
              - { gpu: H200, engine: vllm-0.11, row: a }
            rows: { a: { budget_watts: 7000, aisle: cold } }
            sites: { west: { grid: cap-day } }
            emergencies:
              - { from_seconds: 5, to_seconds: 2, budget_share: 0.75, airflow_share: 0.9 }
              - { from_seconds: 5, to_seconds: 9, budget_share: 0.75, row: z }
              - { from_seconds: 5, to_seconds: 9, airflow_share: 0.9, aisle: cold }
              - { from_seconds: 5, to_seconds: 9, airflow_share: 0.9, row: a }
            """);

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path));

        Assert.Equal(
            [
                "$.emergencies[0]", "$.emergencies[0].airflow_share", "$.emergencies[0].to_seconds", "$.emergencies[1].row",
                "$.emergencies[2].aisle", "$.emergencies[3].airflow_share", "$.emergencies[3].row",
                "$.replicas[0].row", "$.replicas[0].site", "$.rows.a", "$.rows.a.aisle",
            ],
            exception.Problems.Select(problem => problem.Place).Order(StringComparer.Ordinal));
        Assert.Contains("got west, no site, want one site for all servers of a row", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RefusesWhatCanChangeNothing()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("idle.cluster.yaml", """
            replicas:
              - { gpu: H200, engine: vllm-0.11 }
              - { gpu: H200, engine: vllm-0.11, row: a }
            rows: { a: { budget_watts: 7000 }, b: { budget_watts: 7000 } }
            sites: { west: { grid: cap-day } }
            thermal: { aisles: { cold: { cooled_watts: 6000 } } }
            """);
        string bare = folder.Write("bare.cluster.yaml", """
            replicas: [{ gpu: H200, engine: vllm-0.11 }]
            emergencies:
              - { from_seconds: 5, to_seconds: 9, budget_share: 0.75 }
              - { from_seconds: 5, to_seconds: 9, airflow_share: 0.9 }
            """);

        Assert.Equal(["$.sites.west", "$.rows.b", "$.thermal.aisles.cold"], PlacesOf(path));
        Assert.Equal(["$.emergencies[0].budget_share", "$.emergencies[1].airflow_share"], PlacesOf(bare));
    }

    [Fact]
    public void Read_RefusesPartsOfSeconds_WherePowerIsReadEverySecond()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("parts.cluster.yaml", """
            replicas: [{ gpu: H200, engine: vllm-0.11, row: a, site: west }]
            rows: { a: { budget_watts: 7000, opaque: [{ at_seconds: 0, watts: 1 }, { at_seconds: 1.5, watts: 2 }] } }
            sites: { west: { grid: cap-day, start_seconds: 0.5, repeats_every_seconds: 86400.5 } }
            emergencies: [{ from_seconds: 5.5, to_seconds: 9.5, budget_share: 0.75 }]
            """);

        Assert.Equal(
            [
                "$.emergencies[0].from_seconds", "$.emergencies[0].to_seconds", "$.rows.a.opaque[1].at_seconds",
                "$.sites.west.repeats_every_seconds", "$.sites.west.start_seconds",
            ],
            PlacesOf(path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void For_NamesTheEntry_WhenWhatItNamesIsNotKnown()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("unknown.cluster.yaml", """
            replicas: [{ gpu: H200, engine: vllm-0.11, site: west }]
            variants: { x: { model: nope } }
            sites: { west: { grid: mars } }
            """);

        InvalidInputException exception =
            Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path).For(TestSystems.Llama31For70B));

        Assert.Equal(["$.variants.x: model", "$.sites.west: grid"], exception.Problems.Select(problem => problem.Place));
    }

    private static IEnumerable<string> PlacesOf(string path) =>
        Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path)).Problems.Select(problem => problem.Place);

    [Fact]
    public void For_SaysWhatIsWrong_WhenAGridRepeatsBeforeItsEnd()
    {
        SiteEntry site = new() { Grid = "cap-day", RepeatsEverySeconds = 3600 };

        Assert.Contains("more than the 85500 s", Assert.Throws<InvalidInputException>(site.ReadSignal).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClusterFile_HasTheSameText_WhenNothingOfTheFacilityIsStated()
    {
        using TemporaryFolder folder = new();

        string text = DocumentContract.Canonical(ClusterFile.Read(folder.Write("fleet.cluster.yaml", Fleet)));

        Assert.All(
            (string[])["rows", "sites", "thermal", "emergencies", "\"row\"", "site", "host_watts"],
            word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public void For_GivesGroupsTheirOwnModel_AndVariants()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(
            "models.cluster.yaml",
            """
            replicas:
              - { gpu: H100-80GB-SXM, engine: vllm-0.11, knobs: { tensor_parallelism: 8 } }
              - { gpu: H100-80GB-SXM, engine: vllm-0.11, model: llama-2-7b, quality: { ratio: 0.5097, source: a table } }
            variants:
              small: { model: llama-2-13b, precision: fp8, quality: { ratio: 0.5569, source: a table }, fits_beside: true }
            layered_transfer_tokens: 512
            """);

        ClusterDefinition cluster = ClusterFile.Read(path).For(TestSystems.Llama31For70B);

        Assert.Equal(["llama-3.1-70b", "llama-2-7b"], cluster.Replicas.Select(replica => replica.System.Model.Name));
        Assert.Equal([null, 0.5097], cluster.Replicas.Select(replica => replica.Quality?.Ratio));
        Assert.Equal(("llama-2-13b", true), (cluster.Variants["small"].Model!.Name, cluster.Variants["small"].FitsBeside));
        Assert.True(cluster.Replicas[0].System.BesideBytes > 13e9);
        Assert.Equal((512, 0.005), (cluster.LayeredTransferTokens, cluster.LayeredTransferSeconds));
        Assert.Empty(cluster.Check());
    }

    [Fact]
    public void For_NamesEveryModelThatIsNotKnown()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write(
            "models.cluster.yaml",
            """
            replicas:
              - { gpu: H100-80GB-SXM, engine: vllm-0.11, model: llama-9 }
              - { gpu: H900, engine: vllm-0.11 }
            variants:
              small: { model: llama-8 }
            """);

        InvalidInputException exception =
            Assert.Throws<InvalidInputException>(() => ClusterFile.Read(path).For(TestSystems.Llama31For70B));

        Assert.Equal(
            ["$.variants.small: model", "$.replicas[0]: model", "$.replicas[1]: gpu"],
            exception.Problems.Select(problem => problem.Place));
    }
}
