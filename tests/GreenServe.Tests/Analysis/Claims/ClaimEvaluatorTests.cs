using GreenServe.Analysis.Claims;
using GreenServe.Analysis.Tables;
using GreenServe.Records;

namespace GreenServe.Tests.Analysis.Claims;

public sealed class ClaimEvaluatorTests
{
    private const string Ratio =
        """
        SELECT max(joules_per_output_token) FILTER (WHERE batch = 1) / max(joules_per_output_token) FILTER (WHERE batch = 16) AS factor,
          count(*) AS points FROM batch_size
        """;

    private static readonly ResultTable Batch = SyntheticTable.Of(
        "batch-size",
        new { evidence = "simulated", batch = 1.0, joules_per_output_token = 10.0 },
        new { evidence = "simulated", batch = 16.0, joules_per_output_token = 2.0 },
        new { evidence = "measured", batch = 1.0, joules_per_output_token = 30.0 },
        new { evidence = "measured", batch = 16.0 });

    [Theory]
    [InlineData(BoundRelation.AtLeast, 5, ClaimVerdict.Pass)]
    [InlineData(BoundRelation.Above, 5, ClaimVerdict.Fail)]
    [InlineData(BoundRelation.AtMost, 5, ClaimVerdict.Pass)]
    [InlineData(BoundRelation.Below, 5, ClaimVerdict.Fail)]
    [InlineData(BoundRelation.Below, 5.1, ClaimVerdict.Pass)]
    public void Evaluate_HoldsTheValueAgainstTheBound(BoundRelation relation, double bound, ClaimVerdict expected)
    {
        ClaimResult result = Simulated(Claim(Ratio, new ClaimBound { Relation = relation, Value = bound }));

        Assert.Equal(expected, result.Verdict);
        Assert.Equal(5, result.Value);
        Assert.Equal(["points 2"], result.Details);
    }

    [Fact]
    public void Evaluate_TakesBothEndsIn_WhenTheBoundIsARange()
    {
        ClaimBound bound = new() { Relation = BoundRelation.Between, Low = 5, High = 6 };

        Assert.Equal(ClaimVerdict.Pass, Simulated(Claim(Ratio, bound)).Verdict);
        Assert.Equal("5 to 6", bound.ToString());
    }

    [Fact]
    public void Evaluate_DoesNotCountAPass_WhenItWasUsedInCalibration()
    {
        Claim claim = Claim(Ratio, AtLeast(5)) with { UsedInCalibration = new CalibrationUse { Used = true, Why = "fitted" } };

        Assert.Equal((ClaimVerdict.Pass, false), (Simulated(claim).Verdict, Simulated(claim).IsCounted));
        Assert.Equal("PASS (not counted: used in calibration)", Simulated(claim).VerdictText);

        // A claim that fails although it was fitted is a failure all the same.
        Assert.Equal("FAIL", Simulated(claim with { Bound = AtLeast(50) }).VerdictText);
    }

    [Fact]
    public void Evaluate_AddsAVerdictOnEstimatedEvidence_WhenATableHoldsSome()
    {
        ResultTable estimated = SyntheticTable.Of(
            "batch-size",
            new { evidence = "estimated", batch = 1.0, joules_per_output_token = 12.0 },
            new { evidence = "estimated", batch = 16.0, joules_per_output_token = 2.0 });

        Assert.DoesNotContain(
            ClaimEvaluator.Evaluate([Claim(Ratio, AtLeast(5))], [Batch]), result => result.Evidence == EvidenceKind.Estimated);
        ClaimResult found = Assert.Single(
            ClaimEvaluator.Evaluate([Claim(Ratio, AtLeast(5))], [estimated]), result => result.Evidence == EvidenceKind.Estimated);
        Assert.Equal((ClaimVerdict.Pass, 6.0), (found.Verdict, found.Value));
    }

    [Fact]
    public void Evaluate_KeepsEvidenceApart_WhenTheTableHoldsBoth()
    {
        Claim claim = Claim("SELECT max(joules_per_output_token) AS value FROM batch_size", AtLeast(20));

        IReadOnlyList<ClaimResult> results = ClaimEvaluator.Evaluate([claim], [Batch]);

        Assert.Equal(
            [(EvidenceKind.Simulated, ClaimVerdict.Fail, 10), (EvidenceKind.Measured, ClaimVerdict.Pass, 30)],
            results.Select(result => (result.Evidence, result.Verdict, result.Value!.Value)));
    }

    [Fact]
    public void Evaluate_TestsEachModelByItself_WhenTheTableHoldsSeveral()
    {
        object Point(string evidence, string system, string model, double batch, double joules) =>
            new { evidence, system, model, batch, joules_per_output_token = joules };
        ResultTable table = SyntheticTable.Of(
            "batch-size",
            Point("measured", "1 x H100", "7b", 1, 12),
            Point("measured", "1 x H100", "7b", 16, 2),
            Point("measured", "1 x H100", "13b", 1, 12),
            Point("measured", "1 x H100", "13b", 16, 4),
            Point("simulated", "8 x H100", "70b", 1, 10),
            Point("simulated", "8 x H100", "70b", 16, 2));

        IReadOnlyList<ClaimResult> results = ClaimEvaluator.Evaluate([Claim(Ratio, AtLeast(5))], [table]);

        // 12 / 2, 12 / 4 and 10 / 2.
        Assert.Equal(
            [
                (EvidenceKind.Simulated, "8 x H100, 70b", ClaimVerdict.Pass, 5.0),
                (EvidenceKind.Measured, "1 x H100, 7b", ClaimVerdict.Pass, 6.0),
                (EvidenceKind.Measured, "1 x H100, 13b", ClaimVerdict.Fail, 3.0),
            ],
            results.Select(result => (result.Evidence, result.Subject, result.Verdict, result.Value!.Value)));
    }

    [Theory]
    [InlineData(Ratio, "the tables hold no number the query asks for")]
    [InlineData("SELECT 1 AS value FROM batch_size", "the query returns several rows instead of one")]
    [InlineData("SELECT 1 AS value FROM batch_size WHERE batch = 7", "the tables hold no row the query asks for")]
    [InlineData("SELECT 'text' AS value", "the tables hold no number the query asks for")]
    [InlineData("SELECT 1 / 0.0 AS value", "the tables hold no number the query asks for")]
    public void Evaluate_IsNotTested_WhenThereIsNoNumber(string query, string why)
    {
        ClaimResult result = ClaimEvaluator.Evaluate([Claim(query, AtLeast(1))], [Batch])[1];

        Assert.Equal((ClaimVerdict.NotTested, why), (result.Verdict, result.NotTestedReason));
    }

    [Fact]
    public void Evaluate_IsNotTested_WhenTheArtifactIsMissing()
    {
        ClaimResult result = Simulated(Claim(Ratio, AtLeast(1)) with { Artifacts = ["gpu-clock"] });

        Assert.Equal("no simulated gpu-clock", result.NotTestedReason);
    }

    [Fact]
    public void Evaluate_SaysSo_WhenNoArtifactCanTestIt()
    {
        Claim claim = Claim("", AtLeast(1)) with { Query = null, Bound = null, NotTestable = "needs a fleet" };

        Assert.Equal("needs a fleet", Simulated(claim).NotTestedReason);
    }

    [Theory]
    [InlineData("SELECT count(*) AS value FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT count(*) AS value FROM read_text('/etc/hostname')")]
    [InlineData("SELECT count(*) AS value FROM glob('/*')")]
    [InlineData("SELECT count(*) AS value FROM 'https://example.org/data.csv'")]
    [InlineData("SELECT 1 AS value; DROP TABLE batch_size")]
    [InlineData("DROP TABLE batch_size")]
    [InlineData("COPY batch_size TO '/tmp/greenserve-claim.csv'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("ATTACH '/tmp/greenserve-claim.db'")]
    [InlineData("LOAD httpfs")]
    public void Evaluate_ReachesNothingOutside_WhateverTheQuerySays(string query)
    {
        ClaimResult result = Simulated(Claim(query, AtLeast(0)));

        Assert.Equal(ClaimVerdict.NotTested, result.Verdict);
        Assert.StartsWith("the query fails: ", result.NotTestedReason, StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/greenserve-claim.csv"));
    }

    internal static ClaimBound AtLeast(double value) => new() { Relation = BoundRelation.AtLeast, Value = value };

    internal static Claim Claim(string query, ClaimBound bound) => new()
    {
        Id = "test",
        Statement = "a statement",
        Source = "a source",
        SourceRead = SourceReading.Read,
        UsedInCalibration = new CalibrationUse { Used = false, Why = "no" },
        Artifacts = ["batch-size"],
        Query = query,
        Bound = bound,
        Rationale = "none",
    };

    private static ClaimResult Simulated(Claim claim) => ClaimEvaluator.Evaluate([claim], [Batch])[0];
}
