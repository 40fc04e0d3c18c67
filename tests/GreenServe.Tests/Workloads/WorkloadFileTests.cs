using GreenServe.Records;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;

namespace GreenServe.Tests.Workloads;

public sealed class WorkloadFileTests
{
    private const string Head = "name: chat\npurpose: a test\nsource: none\nmodel: llama-2-70b\n";
    private const string FixedLengths =
        "lengths: { kind: independent, input: { kind: fixed, tokens: 512 }, output: { kind: fixed, tokens: 128 } }\n";
    private const string Poisson = "arrival: { kind: poisson, requests_per_second: 2 }\n";

    [Fact]
    public void Read_TakesTheSloFromTheCatalog_WhenItIsAName()
    {
        Workload workload = Samples.Parse(Head + Poisson + FixedLengths + "requests: 10\nslo: dynamollm");

        Assert.Equal("dynamollm", workload.Slo!.Name);
        Assert.Contains(workload.Slo.Limits, limit => limit is { LimitSeconds: 0.25 } && limit.AppliesTo("SL") && !limit.AppliesTo("MS"));
    }

    [Fact]
    public void Read_TakesTheSloFromAFileBesideIt_WhenItIsAPath()
    {
        using TemporaryFolder folder = new();
        folder.Write("own.yaml", "name: own\nsource: a test\nlimits: [{ metric: e2e, limit_seconds: 3 }]");
        string path = folder.Write("chat.workload.yaml", Head + Poisson + FixedLengths + "requests: 10\nslo: ./own.yaml");

        Workload workload = WorkloadFile.Read(path);

        Assert.Equal("own", workload.Slo!.Name);
        Assert.Equal(folder.Root, workload.Folder);
    }

    [Fact]
    public void Read_ReportsTheOtherFile_WhenTheSloInItIsWrong()
    {
        using TemporaryFolder folder = new();
        string slo = folder.Write(
            "own.yaml", "name: own\nsource: a test\nlimits:\n  - { metric: ttft, limit_seconds: 1, classes: [SS, XL] }");
        string path = folder.Write("chat.workload.yaml", Head + Poisson + FixedLengths + "requests: 10\nslo: own.yaml");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => WorkloadFile.Read(path));

        Assert.Equal($"{slo}:4: $.slo.limits[0].classes[1]: got XL, want one of SS, SM, SL, MS, MM, ML, LS, LM, LL", exception.Message);
    }

    [Fact]
    public void Read_ReportsEverything_WhenSeveralThingsAreWrong()
    {
        string[] problems = ProblemsOf("""
            name: chat
            purpose: a test
            source: none
            modell: llama-2-70b
            slo: dynamo
            arrival:
              kind: poisson
              requests_per_second: -3
            lengths:
              kind: independent
              input: { kind: fixed, tokens: .nan }
              output: { kind: fixd, tokens: 128 }
            requests: ten
            """);

        Assert.Equal(
            [
                "chat.workload.yaml:11: $.lengths.input.tokens: got NaN, want a whole number in [1, 10000000]",
                "chat.workload.yaml:12: $.lengths.output.kind: got 'fixd', want one of fixed, uniform, normal, lognormal, quantiles, "
                + "natural",
                "chat.workload.yaml:13: $.requests: got 'ten', want a whole number in [1, 20000000]",
                "chat.workload.yaml:1: $.model: got nothing, want text (in quotes if it looks like a number)",
                "chat.workload.yaml:4: $.modell: got unknown key, want one of the keys name, purpose, source, model, slo, classes, "
                + "arrival, lengths, trace, dataset, prefix_sharing, sessions, priorities, adapters, requests, "
                + "duration_seconds, warm_up_seconds, seed",
                "chat.workload.yaml:5: $.slo: got 'dynamo', want one of dynamollm, isolated-x5, mlperf-llama2-70b, "
                + "mlperf-llama2-70b-interactive, mlperf-llama3.1-8b, mlperf-llama3.1-8b-interactive, splitwise, "
                + "or the path of a file *.yaml",
                "chat.workload.yaml:8: $.arrival.requests_per_second: got -3, want a number in (0, 1000000]",
            ],
            problems.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(
        "arrival: { kind: poisson, requests_per_second: 0 }",
        "$.arrival.requests_per_second: got 0, want a number in (0, 1000000]")]
    [InlineData(
        "arrival: { kind: constant, requests_per_second: .nan }",
        "$.arrival.requests_per_second: got NaN, want a number in (0, 1000000]")]
    [InlineData(
        "arrival: { kind: constant, requests_per_second: .inf }",
        "$.arrival.requests_per_second: got Infinity, want a number in (0, 1000000]")]
    [InlineData("arrival: { kind: poisson }", "$.arrival.requests_per_second: got nothing, want a number in (0, 1000000]")]
    [InlineData(
        "arrival: { kind: burst }",
        "$.arrival.kind: got 'burst', want one of constant, poisson, gamma, stages, on_off, counts, closed_loop, trace")]
    [InlineData(
        "arrival: { kind: gamma, requests_per_second: 1 }",
        "$.arrival: got neither coefficient_of_variation nor shape, want exactly one of coefficient_of_variation and shape")]
    [InlineData(
        "arrival: { kind: gamma, requests_per_second: 1, shape: 1, coefficient_of_variation: 1 }",
        "$.arrival: got both coefficient_of_variation and shape, want exactly one of coefficient_of_variation and shape")]
    [InlineData("arrival: { kind: stages, stages: [] }", "$.arrival.stages: got an empty list, want at least one stage")]
    [InlineData(
        "arrival: { kind: stages, stages: [{ seconds: 5, requests_per_second: 0 }] }",
        "$.arrival.stages: got a rate of 0 throughout, want at least one stage with a rate greater than 0")]
    [InlineData(
        "arrival: { kind: stages, stages: [{ seconds: 0, requests_per_second: 1 }] }",
        "$.arrival.stages[0].seconds: got 0, want a number in (0, 10000000]")]
    [InlineData(
        "arrival: { kind: counts, window_seconds: 1, counts: [0, 0] }",
        "$.arrival.counts: got no request in any window, want at least one request")]
    [InlineData(
        "arrival: { kind: counts, window_seconds: 1, counts: [1, -2] }",
        "$.arrival.counts[1]: got -2, want a whole number in [0, 20000000]")]
    [InlineData("arrival: { kind: closed_loop, concurrency: 0 }", "$.arrival.concurrency: got 0, want a whole number in [1, 1000000]")]
    [InlineData(
        "arrival: { kind: closed_loop, concurrency: 2, think_seconds: -1 }",
        "$.arrival.think_seconds: got -1, want a number in [0, 1000000]")]
    [InlineData("arrival: { kind: trace }", "$.trace: got nothing, want a trace, since arrival or lengths are of kind trace")]
    [InlineData(
        Poisson + "trace: { file: a.csv }",
        "$.trace: got a trace that nothing uses, want arrival or lengths of kind trace, or no trace")]
    [InlineData(
        "arrival: { kind: trace }\ntrace: { file: a.csv, from_seconds: 9, to_seconds: 3 }",
        "$.trace.to_seconds: got 3, want more than from_seconds (9)")]
    [InlineData(
        "arrival: { kind: trace, speed_up: 0 }\ntrace: { file: a.csv }",
        "$.arrival.speed_up: got 0, want a number in (0, 1000000]")]
    [InlineData("arrival: { kind: trace }\ntrace: { file: a.csv, sha256: abc }", "$.trace.sha256: got 'abc', want 64 hexadecimal digits")]
    [InlineData(Poisson + "seed: -1", "$.seed: got -1, want a whole number in [0, 9007199254740991]")]
    [InlineData(
        Poisson + "prefix_sharing: { groups: 0, shared_share: 2 }",
        "$.prefix_sharing.groups: got 0, want a whole number in [1, 1000000]",
        "$.prefix_sharing.shared_share: got 2, want a number in (0, 1]")]
    [InlineData(
        "arrival: { kind: closed_loop, concurrency: 2 }\nsessions: { turns: 0 }",
        "$.sessions.turns: got 0, want a whole number in [1, 1000]")]
    [InlineData(
        "arrival: { kind: closed_loop, concurrency: 2 }\nsessions: { }",
        "$.sessions.turns: got nothing, want a whole number in [1, 1000], unless there is a dataset")]
    [InlineData(
        "arrival: { kind: closed_loop, concurrency: 2 }\nsessions: { turns: 4, think_seconds: 1 }",
        "$.sessions.think_seconds: got 1, want think_seconds of the arrival, which states it for a closed loop")]
    [InlineData(
        "arrival: { kind: closed_loop, concurrency: 2 }\nsessions: { turns: 4 }\nprefix_sharing: { groups: 2, shared_share: 0.5 }",
        "$.sessions: got both sessions and prefix_sharing, want one of them: the turns of a session share their own history")]
    [InlineData(
        Poisson + "duration_seconds: 10\nwarm_up_seconds: 10",
        "$.warm_up_seconds: got 10, want less than the length of the workload (10 s)")]
    [InlineData(
        Poisson + "classes: { medium_input_tokens: 900, long_input_tokens: 900 }",
        "$.classes.long_input_tokens: got 900, want more than medium_input_tokens (900)")]
    [InlineData(Poisson + "slo: { name: own, source: test, limits: [] }", "$.slo.limits: got an empty list, want at least one limit")]
    [InlineData(
        Poisson + "slo: { name: own, source: test, limits: [{ metric: ttft, limit_seconds: 1, classes: [XX] }] }",
        "$.slo.limits[0].classes[0]: got XX, want one of SS, SM, SL, MS, MM, ML, LS, LM, LL")]
    [InlineData(
        Poisson + "slo: { name: own, source: test, limits: [{ metric: ttft, limit_seconds: 0 }] }",
        "$.slo.limits[0].limit_seconds: got 0, want a number greater than 0")]
    public void Read_NamesFoundAndAllowed_WhenOneThingIsWrong(string yaml, params string[] expected)
    {
        string[] problems = ProblemsOf(Head + FixedLengths + "requests: 10\n" + yaml);

        Assert.Equal(expected, problems.Select(problem => problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
        Assert.All(problems, problem => Assert.Matches("^chat.workload.yaml:[0-9]+: ", problem));
    }

    [Theory]
    [InlineData("{ kind: uniform, least_tokens: 9, greatest_tokens: 8 }", ".greatest_tokens: got 8, want at least least_tokens (9)")]
    [InlineData(
        "{ kind: lognormal, median_tokens: 9 }",
        ": got median_tokens, want median_tokens and sigma, or mean_tokens and p99_tokens")]
    [InlineData("{ kind: lognormal }", ": got nothing, want median_tokens and sigma, or mean_tokens and p99_tokens")]
    [InlineData(
        "{ kind: lognormal, mean_tokens: 100, p99_tokens: 99 }",
        ".p99_tokens: got 99, want more than mean_tokens (100) and at most 15.0 times it")]
    [InlineData(
        "{ kind: lognormal, mean_tokens: 100, p99_tokens: 1600 }",
        ".p99_tokens: got 1600, want more than mean_tokens (100) and at most 15.0 times it")]
    [InlineData(
        "{ kind: quantiles, points: [{ at: 0, tokens: 1 }] }",
        ".points: got a list of 1, want at least two points, the first at 0 and the last at 1")]
    [InlineData(
        "{ kind: quantiles, points: [{ at: 0.1, tokens: 1 }, { at: 1, tokens: 2 }] }",
        ".points[0].at: got 0.1, want 0 for the first point")]
    [InlineData(
        "{ kind: quantiles, points: [{ at: 0, tokens: 1 }, { at: 0.9, tokens: 2 }] }",
        ".points[1].at: got 0.9, want 1 for the last point")]
    [InlineData(
        "{ kind: quantiles, points: [{ at: 0, tokens: 5 }, { at: 1, tokens: 2 }] }",
        ".points[1].tokens: got 2, want at least the point before (5)")]
    public void Read_NamesFoundAndAllowed_WhenALengthIsWrong(string input, string expected)
    {
        string lengths = $"lengths:\n  kind: independent\n  input: {input}\n  output: {{ kind: fixed, tokens: 1 }}\n";

        string problem = Assert.Single(ProblemsOf(Head + Poisson + "requests: 10\n" + lengths));

        Assert.Equal("chat.workload.yaml:9: $.lengths.input" + expected, problem);
    }

    [Theory]
    [InlineData("weights: { SS: 1, QQ: 2 }", "$.lengths.weights.QQ: got an unknown class, want one of SS, SM, SL, MS, MM, ML, LS, LM, LL")]
    [InlineData("weights: { SS: -1, LL: 3 }", "$.lengths.weights.SS: got -1, want a number of at least 0")]
    [InlineData("weights: { SS: 0 }", "$.lengths.weights: got a sum of 0, want at least one weight greater than 0")]
    [InlineData(
        "weights: { MS: 1 }",
        "$.lengths.input.medium: got lengths from 5000 to 5000 tokens, want lengths from 256 to 1023 tokens, the cuts of this band")]
    public void Read_NamesFoundAndAllowed_WhenAClassMixIsWrong(string weights, string expected)
    {
        // The medium input of 5,000 tokens is only wrong where a class with medium inputs is drawn.
        string bands = "{ short: { kind: fixed, tokens: 50 }, medium: { kind: fixed, tokens: 5000 }, long: { kind: fixed, tokens: 5000 } }";
        string lengths = $"lengths:\n  kind: class_mix\n  {weights}\n  input: {bands}\n  output: {bands}\n";

        Assert.EndsWith(expected, Assert.Single(ProblemsOf(Head + Poisson + "requests: 10\n" + lengths)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Poisson, "$.requests: got nothing, want requests or duration_seconds, since these arrivals do not end by themselves")]
    [InlineData(
        "arrival: { kind: closed_loop, concurrency: 2 }\nduration_seconds: 60\n",
        "$.requests: got nothing, want a number of requests, which a closed loop always needs")]
    [InlineData(
        "arrival: { kind: poisson, requests_per_second: 1000000 }\nduration_seconds: 3600\n",
        "$.duration_seconds: got about 3600000000 requests, want at most 20000000 requests")]
    public void Read_AsksForAnEnd_WhenThereIsNone(string arrival, string expected) =>
        Assert.EndsWith(expected, Assert.Single(ProblemsOf(Head + arrival + FixedLengths)), StringComparison.Ordinal);

    [Theory]
    [InlineData("''")]
    [InlineData("../evil")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public void Read_RefusesTheName_WhenItIsNoSafeFileName(string name) =>
        Assert.Contains(
            "$.name",
            Assert.Single(ProblemsOf(Head.Replace("chat", name, StringComparison.Ordinal) + Poisson + FixedLengths + "requests: 1")),
            StringComparison.Ordinal);

    [Fact]
    public void CanonicalJson_IsTheSame_WhereverTheFileLies()
    {
        using TemporaryFolder folder = new();
        string text = Head + Poisson + FixedLengths + "requests: 10\nslo: dynamollm";
        Workload here = WorkloadFile.Read(folder.Write("a/chat.workload.yaml", text));
        Workload there = WorkloadFile.Read(folder.Write("b/other.workload.yaml", "# a comment\n" + text));

        Assert.Equal(here.ToCanonicalJson(), there.ToCanonicalJson());
        Assert.Equal(here.ComputeSha256(), there.ComputeSha256());
        Assert.DoesNotContain(folder.Root, here.ToCanonicalJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void CanonicalJson_ReadsBackAsTheSameWorkload()
    {
        foreach (string name in WorkloadCatalog.Names)
        {
            Workload workload = WorkloadCatalog.Read(name);

            Assert.Equal(workload.ToCanonicalJson(), Samples.Parse(workload.ToCanonicalJson()).ToCanonicalJson());
        }
    }

    [Fact]
    public void Read_ListsTheCatalog_WhenTheNameIsUnknown()
    {
        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => WorkloadCatalog.Read("azure"));

        Assert.StartsWith("workload: got 'azure', want one of adapters-conversation, ", exception.Message, StringComparison.Ordinal);
    }

    private static string[] ProblemsOf(string yaml) =>
        [.. Assert.Throws<InvalidInputException>(() => Samples.Parse(yaml)).Problems.Select(problem => problem.ToString())];
}
