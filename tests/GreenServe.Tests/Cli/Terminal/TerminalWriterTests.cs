using GreenServe.Cli.Terminal;
using GreenServe.Records;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class TerminalWriterTests
{
    [Fact]
    public void Write_ShowsEscapes_AndKeepsLines()
    {
        using StringWriter inner = new() { NewLine = "\n" };
        using TerminalWriter writer = new(inner, isRequired: true);

        writer.WriteLine("a\u001b[31m\nb\tc");
        writer.Write('\u0007');

        Assert.Equal("a\\x1b[31m\nb\tc\n\\x07", inner.ToString());
    }

    [Fact]
    public void Write_ShowsACarriageReturn_UnlessItEndsALine()
    {
        using StringWriter inner = new() { NewLine = "\n" };
        using TerminalWriter writer = new(inner, isRequired: true);

        writer.WriteLine("first\r\nINVALID\rVALID\r");
        writer.Write('\r');

        Assert.Equal("first\r\nINVALID\\rVALID\\r\n\\r", inner.ToString());
    }

    [Fact]
    public void Write_MakesTheCommandUnavailable_WhenTheOutputIsClosed()
    {
        using TerminalWriter writer = new(new ClosedWriter(), isRequired: true);

        UnavailableException exception = Assert.Throws<UnavailableException>(() => writer.WriteLine("text"));

        Assert.Equal("standard output: cannot be written (Bad file descriptor)", exception.Message);
    }

    [Fact]
    public void Write_LosesTheText_WhenAnErrorOutputIsClosed()
    {
        using TerminalWriter writer = new(new ClosedWriter(), isRequired: false);

        Assert.Null(Record.Exception(() => writer.WriteLine("text")));
    }

    private sealed class ClosedWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("Bad file descriptor");
    }
}
