using CsCheck;
using GreenServe.Cli.Terminal;

namespace GreenServe.Tests.Cli.Terminal;

public sealed class TerminalBlockTests : IDisposable
{
    private readonly ScreenOfATerminal screen = new(width: 20);
    private readonly TerminalBlock block;

    public TerminalBlockTests() => block = new TerminalBlock(screen, hasColors: true);

    [Fact]
    public void Draw_TakesThePlaceOfTheBlockBefore_WhetherItIsShorterOrLonger()
    {
        screen.Write("$ command\r\n");
        block.Draw([new("first"), new("a long second line", BlockStyle.Warning), new("third")], 20);
        Assert.Equal(["$ command", "first", "a long second line", "third"], screen.Rows);

        block.Draw([new("first"), new("short")], 20);
        Assert.Equal(["$ command", "first", "short"], screen.Rows);
    }

    [Fact]
    public void WriteAbove_KeepsTheBlockBelow()
    {
        block.Draw([new("view")], 20);
        block.WriteAbove("a notice\r\nand another\r\n", 20);
        block.Draw([new("view 2")], 20);

        Assert.Equal(["a notice", "and another", "view 2"], screen.Rows);
    }

    [Fact]
    public void Clear_LeavesOnlyWhatStoodAbove()
    {
        block.Draw([new("view"), new("of two lines")], 20);
        block.WriteAbove("a notice\r\n", 20);
        block.Clear(20);
        screen.Write("result\r\n");

        Assert.Equal(["a notice", "result"], screen.Rows);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(40)]
    public void Draw_LeavesNoPieces_WhenTheTerminalChangesItsWidth(int width)
    {
        screen.Write("$ command\r\n");
        block.Draw([new("nineteen signs wide"), new("two")], 20);
        screen.Resize(width);

        block.Draw([new("new"), new("view")], width);

        Assert.Equal(["$ command", "new", "view"], screen.Rows);
    }

    [Fact]
    public void Draw_WritesNoColour_WhereTheTerminalHasNone()
    {
        using StringWriter text = new();
        new TerminalBlock(text, hasColors: false).Draw([new("a warning", BlockStyle.Warning)], 20);

        Assert.DoesNotMatch(@"\e\[[0-9]*m", text.ToString());
    }

    /// <summary>Whatever is drawn and written in whatever order, the notices stand in their order above the last view.</summary>
    [Fact]
    public void Draw_AndWriteAbove_LeaveEveryNoticeAndTheLastView() =>
        Gen.Int[0, 9].Array[0, 40].Sample(steps =>
        {
            using ScreenOfATerminal shown = new(width: 20);
            TerminalBlock drawn = new(shown, hasColors: true);
            List<string> notices = [];
            string[] view = [];
            for (int step = 0; step < steps.Length; step++)
            {
                if (steps[step] > 6)
                {
                    notices.Add($"notice {step}");
                    drawn.WriteAbove($"{notices[^1]}\r\n", 20);
                }
                else
                {
                    view = [.. Enumerable.Range(0, steps[step]).Select(line => $"view {step}.{line}")];
                    drawn.Draw([.. view.Select(line => new BlockLine(line, BlockStyle.Strong))], 20);
                }
            }

            Assert.Equal([.. notices, .. view], shown.Rows);
        });

    public void Dispose() => screen.Dispose();
}
