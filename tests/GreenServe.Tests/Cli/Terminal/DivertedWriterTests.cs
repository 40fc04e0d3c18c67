using GreenServe.Cli.Terminal;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class DivertedWriterTests
{
    [Fact]
    public void To_LeadsTextElsewhere_UntilItIsDisposed()
    {
        using StringWriter own = new() { NewLine = "\n" };
        using StringWriter other = new() { NewLine = "\n" };
        using DivertedWriter writer = new(own);

        writer.WriteLine("before");
        using (writer.To(other))
        {
            writer.WriteLine("meanwhile");
        }

        writer.Write('x');

        Assert.Equal(("before\nx", "meanwhile\n"), (own.ToString(), other.ToString()));
    }
}
