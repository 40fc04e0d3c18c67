using System.Text;
using GreenServe.Cli.Terminal;
using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>Shows a command on a terminal while it runs. Disposal removes the view and leaves what was written above it.</summary>
/// <remarks>Thread-safe. Whatever is written to the terminal meanwhile must go through <see cref="Lines"/>.</remarks>
internal sealed class TerminalView : IAsyncDisposable
{
    /// <summary>Time between two drawings: the snapshot is renewed as often.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly LiveRun live;
    private readonly TerminalBlock block;
    private readonly AboveWriter above;
    private readonly Func<(int Width, int Height)> size;
    private readonly LiveHistory history = new();
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private bool isClosed;

    private TerminalView(LiveRun live, TextWriter terminal, bool hasColors, Func<(int Width, int Height)> size, TimeProvider clock)
    {
        this.live = live;
        this.size = size;
        block = new TerminalBlock(terminal, hasColors);
        above = new AboveWriter(this, terminal.Encoding);
        Lines = new TerminalWriter(above, isRequired: true);
        timer = clock.CreateTimer(_ => Draw(), null, Interval, Interval);
    }

    /// <summary>Receives text that stands above the view. A line is shown when it is whole.</summary>
    internal TextWriter Lines { get; }

    /// <summary>Begins to show a command.</summary>
    /// <param name="live">What the command shows of itself.</param>
    /// <param name="terminal">The terminal itself.</param>
    /// <param name="hasColors">Whether it has colours.</param>
    /// <param name="size">Tells its size at any moment, in characters.</param>
    /// <param name="clock">Says when to draw.</param>
    internal static TerminalView Start(
        LiveRun live, TextWriter terminal, bool hasColors, Func<(int Width, int Height)> size, TimeProvider clock) =>
        new(live, terminal, hasColors, size, clock);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync().ConfigureAwait(false);
        lock (gate)
        {
            isClosed = true;
            TerminalWriter.Require(() => block.Clear(size().Width));
        }

        above.EndLine();
    }

    private void Draw()
    {
        // A terminal that is held up must not make drawings queue.
        if (!gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!isClosed)
            {
                LiveSnapshot snapshot = live.Latest;
                (int width, int height) = size();
                history.Take(snapshot);
                block.Draw(LiveFrame.Of(snapshot, history, width, height), width);
            }
        }
        catch (IOException)
        {
            // The terminal is gone. The command goes on, and tells so when it writes its result.
            isClosed = true;
        }
        finally
        {
            gate.Exit();
        }
    }

    private void WriteAbove(string lines)
    {
        lock (gate)
        {
            block.WriteAbove(lines, size().Width);
        }
    }

    /// <summary>Collects text until its lines are whole.</summary>
    private sealed class AboveWriter(TerminalView view, Encoding encoding) : TextWriter
    {
        private readonly Lock gate = new();
        private readonly StringBuilder begun = new();

        public override Encoding Encoding => encoding;

        public override void Write(char value) => Write(value.ToString());

        /// <summary>Ends the line that has begun, if one has.</summary>
        internal void EndLine() => Write(begun.Length > 0 ? "\n" : "");

        public override void Write(string? value)
        {
            lock (gate)
            {
                begun.Append(value);
                string text = begun.ToString();
                int end = text.LastIndexOf('\n') + 1;
                if (end > 0)
                {
                    begun.Clear().Append(text, end, text.Length - end);
                    view.WriteAbove(text[..end].ReplaceLineEndings("\r\n"));
                }
            }
        }
    }
}
