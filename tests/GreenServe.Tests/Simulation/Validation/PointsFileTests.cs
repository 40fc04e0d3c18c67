using GreenServe.Records;
using GreenServe.Simulation.Validation;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Simulation.Validation;

public sealed class PointsFileTests
{
    private const string Header =
        "id,source,seen,split,gpu,model,precision,tp,load,in_tokens,out_tokens,freq_mhz,stack,ttft_ms,tbt_ms,out_tok_s,power_w_total,"
        + "j_per_out_tok,note\n";

    [Fact]
    public void Read_TakesANumberAsNotReported_WhenItIsAWord()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", Header
            + "7,\"some source @1 (MIT)\",text,validation,H100-SXM,meta-llama/Llama-3.1-8B-Instruct,bf16,1,avg batch 8,~380 inferred,388.7"
            + ",,vLLM 2025,,7.32,1070,486,0.455,note\n");

        MeasuredPoint point = Assert.Single(PointsFile.Read(path));

        Assert.Equal(("7", 1, 388.7, 0.00732, 2), (point.Id, point.TensorParallelism, point.OutputTokens, point.TbtSeconds, point.Line));
        Assert.Equal(("bf16", "avg batch 8", "vLLM 2025"), (point.Precision, point.Load, point.Stack));
        Assert.Null(point.InputTokens);
        Assert.Null(point.TtftSeconds);
        Assert.False(point.IsForCalibration);
    }

    [Fact]
    public void Read_TakesAnEmptyCell_AsNotReported()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", Header + "1,s,text,validation,H100-SXM,m,,1,,10,10,,,5,1,,,,\n");

        MeasuredPoint point = Assert.Single(PointsFile.Read(path));

        Assert.Null(point.Precision);
        Assert.Null(point.Load);
        Assert.Null(point.Stack);
    }

    [Fact]
    public void Read_ReportsEveryValueWithItsLine_WhenItIsImpossible()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", Header
            + "1,s,text,validation,H100-SXM,m,bf16,1,batch 1,10,10,,vLLM 2025,-5,1,,,,\n"
            + ",s,text,validation,H100-SXM,m,bf16,1,batch 1,10,10,,vLLM 2025,5,NaN,,0,,\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.Equal(
            [("Ttft", 2), ("id", 3), ("Tbt", 3), ("Watts", 3)],
            exception.Problems.Select(problem => (problem.Place, problem.Line!.Value)));
    }

    [Fact]
    public void Read_NamesTheColumns_WhenTheyAreMissing()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", "id,source\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.Equal(15, exception.Problems.Count);
    }

    [Fact]
    public void Read_ReportsAFile_WhenItDoesNotExist()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<InvalidInputException>(() => PointsFile.Read(folder.PathOf("none.csv")));
    }
}
