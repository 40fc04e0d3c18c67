using System.Text;

namespace GreenServe.Cli.Terminal;

/// <summary>A writer whose text can be led elsewhere for a while, for example above a view that is on the terminal.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="inner">Where the text goes otherwise.</param>
internal sealed class DivertedWriter(TextWriter inner) : TextWriter
{
    private volatile TextWriter? other;

    public override Encoding Encoding => inner.Encoding;

    private TextWriter Target => other ?? inner;

    /// <summary>Leads the text to another writer until the result is disposed.</summary>
    internal IDisposable To(TextWriter writer)
    {
        other = writer;
        return new Diversion(this);
    }

    public override void Write(char value) => Target.Write(value);

    public override void Write(string? value) => Target.Write(value);

    public override void WriteLine(string? value) => Target.WriteLine(value);

    public override void Flush() => Target.Flush();

    private sealed class Diversion(DivertedWriter writer) : IDisposable
    {
        public void Dispose() => writer.other = null;
    }
}
