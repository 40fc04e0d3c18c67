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
        Assert.Equal("in_tokens '~380 inferred'", point.WordsForNumbers);
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
            [("ttft_ms", "-5", 2), ("id", null, 3), ("tbt_ms", "NaN", 3), ("power_w_total", "0", 3)],
            exception.Problems.Select(problem => (problem.Place, (string?)problem.Found, problem.Line!.Value)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("1e300")]
    public void Read_RefusesTheTensorParallelism_WhenItIsNoNumberOfGpus(string degree)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", Header + $"1,s,text,validation,H100-SXM,m,bf16,{degree},batch 1,10,10,,v,5,1,,,,\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.Equal($"{path}:2: tp: got {degree}, want a whole number in [1, 64], or nothing", exception.Message);
    }

    [Theory]
    [InlineData("tp", "1e300,batch 1,10,10,", "tp: got 1e300, want a whole number in [1, 64], or nothing")]
    [InlineData("tp", "-8,batch 1,10,10,", "tp: got -8, want a whole number in [1, 64], or nothing")]
    [InlineData("in_tokens", "1,batch 1,-5,10,", "in_tokens: got -5, want a number in (0, 10000000], or nothing")]
    [InlineData("freq_mhz", "1,batch 1,10,10,1e9", "freq_mhz: got 1e9, want a number in (0, 10000], or nothing")]
    public void Read_NamesColumnAndRange_WhenASettingIsImpossible(string column, string cells, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", $"{Header}1,s,text,validation,H100-SXM,m,bf16,{cells},vLLM 2025,5,1,,,,\n");

        Problem problem = Assert.Single(Assert.Throws<InvalidInputException>(() => PointsFile.Read(path)).Problems);

        Assert.Equal(column, problem.Place);
        Assert.EndsWith(expected, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,batch 1,10,10,,vLLM 2025,6O", "ttft_ms: got '6O', want a number or nothing")]
    [InlineData("1,batch 1,10,10,141O,vLLM 2025,5", "freq_mhz: got '141O', want a number or nothing")]
    [InlineData("one,batch 1,10,10,,vLLM 2025,5", "tp: got 'one', want a number or nothing")]
    [InlineData("1,batch 1,1O0,10,,vLLM 2025,5", "in_tokens: got '1O0', want a number or nothing")]
    [InlineData("1,batch 1,l00,10,,vLLM 2025,5", "in_tokens: got 'l00', want a number or nothing")]
    [InlineData("1,batch 1,10,1 000,,vLLM 2025,5", "out_tokens: got '1 000', want a number or nothing")]
    public void Read_RefusesACell_WhenItIsAMistypedNumber(string cells, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", $"{Header}1,s,text,validation,H100-SXM,m,bf16,{cells},1,,,,\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.Equal($"{path}:2: {expected}", exception.Message);
    }

    [Fact]
    public void Read_ReportsEveryRow_WhenItsShapeIdentifierOrSplitIsWrong()
    {
        const string Rest = "H100-SXM,m,bf16,1,batch 1,10,10,,v,5,1,,,";
        using TemporaryFolder folder = new();
        string path = folder.Write(
            "points.csv",
            $"{Header}1,s,text,validation,{Rest},\n2,s,text,calibration-power,{Rest}\n1,s,text,validation,{Rest},\n"
                + $"3,s,text,calibraton,{Rest},\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.Equal(
            [
                $"{path}:3: row: got 18 cells, want 19, as in the header",
                $"{path}:4: id: got '1', which line 2 has too, want an identifier of its own",
                $"{path}:5: split: got 'calibraton', want validation, or a text that begins with calibration",
            ],
            exception.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Read_KeepsAClockThatChanged_ApartFromAFreeOne()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", $"{Header}1,s,text,validation,H100-SXM,m,bf16,1,batch 1,10,10,2842->180,v,5,1,,,,\n");

        MeasuredPoint point = Assert.Single(PointsFile.Read(path));

        Assert.Equal((null, "2842->180"), (point.ClockMegahertz, point.ChangingClock));
    }

    [Theory]
    [InlineData("mine.yaml", true)]
    [InlineData("protocols/mine.yaml", true)]
    [InlineData("closed-loop", false)]
    public void Read_FindsAProtocolBesideTheFile_WhereItIsAPath(string protocol, bool isPath)
    {
        using TemporaryFolder folder = new();
        string header = Header.Replace("note", "protocol", StringComparison.Ordinal);
        string path = folder.Write(
            "points.csv", $"{header}1,s,text,validation,H100-SXM,m,bf16,1,batch 1,10,10,,v,5,1,,,,{protocol}\n");

        Assert.Equal(isPath ? folder.PathOf(protocol) : protocol, Assert.Single(PointsFile.Read(path)).Protocol);
    }

    [Theory]
    [InlineData("id,source,split,gpu,model,precision,tp,load", "header: got no in_tokens, out_tokens, freq_mhz, stack, ttft_ms,")]
    [InlineData("id;source;split", "header: got none of the columns, want id, source, split,")]
    public void Read_NamesTheColumnsInOneLine_WhenTheyAreMissing(string header, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("points.csv", $"{header}\n");

        InvalidInputException exception = Assert.Throws<InvalidInputException>(() => PointsFile.Read(path));

        Assert.StartsWith($"{path}:1: {expected}", Assert.Single(exception.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ReportsAFile_WhenItDoesNotExist()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<InvalidInputException>(() => PointsFile.Read(folder.PathOf("none.csv")));
    }
}
