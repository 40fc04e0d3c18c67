using System.Text;

namespace GreenServe.Engine.Http;

/// <summary>Turns the tokens of one output into text. The output ends at the first stop text.</summary>
internal sealed class OutputText(ResponseScope scope)
{
    private readonly ITextDecoder decoder = scope.Engine.Text.CreateDecoder();
    private readonly StopMatcher stops = new(scope.Request.Stops);

    /// <summary>The number of output tokens so far.</summary>
    internal int Tokens { get; private set; }

    /// <summary>Whether a stop text ended the output.</summary>
    internal bool HasStopped => stops.HasStopped;

    /// <summary>Adds tokens and returns the text that may be sent now.</summary>
    /// <param name="tokenIds">The tokens. Tokens after a stop text are not counted.</param>
    internal string Append(List<int> tokenIds)
    {
        if (tokenIds.Count == 1)
        {
            return AppendOne(tokenIds[0]);
        }

        StringBuilder text = new();
        foreach (int token in tokenIds)
        {
            if (HasStopped)
            {
                break;
            }

            text.Append(AppendOne(token));
        }

        return text.ToString();
    }

    /// <summary>Returns the text that is still held back. Call it when the output has ended without a stop text.</summary>
    internal string Flush()
    {
        string rest = HasStopped ? "" : stops.Append(decoder.Flush(), mayStop: false);
        return rest + stops.Flush();
    }

    private string AppendOne(int token)
    {
        Tokens++;
        return stops.Append(decoder.Append(token), mayStop: Tokens >= scope.Request.Generation.MinTokens);
    }
}
