using TorchSharp;
using static TorchSharp.torch;

namespace GreenServe.Engine.Runners.Torch;

/// <summary>Chooses tokens on the device by the definition of <see cref="TokenSampler"/>.</summary>
internal sealed class TorchChooser(jit.CompilationUnit script, Device device)
{
    private readonly List<long> forbiddenRows = [];
    private readonly List<long> forbiddenTokens = [];

    /// <summary>Chooses one token for each row of scores.</summary>
    /// <param name="scores">The scores (rows, vocabulary) on the device. Those of forbidden tokens are overwritten.</param>
    /// <param name="choices">The choices, one a row.</param>
    internal Tensor Choose(Tensor scores, IReadOnlyList<TokenChoice> choices)
    {
        Forbid(scores, choices);
        if (choices.All(choice => choice.IsGreedy))
        {
            return (Tensor)script.invoke("likeliest", scores);
        }

        float[] controls = new float[3 * choices.Count];
        for (int row = 0; row < choices.Count; row++)
        {
            controls[row] = (float)choices[row].Temperature;
            controls[choices.Count + row] = (float)choices[row].TopP;
            controls[(2 * choices.Count) + row] = (float)choices[row].Uniform;
        }

        Tensor onDevice = torch.tensor(controls, [3, choices.Count], device: device);
        return (Tensor)script.invoke("sample", scores, onDevice);
    }

    private void Forbid(Tensor scores, IReadOnlyList<TokenChoice> choices)
    {
        forbiddenRows.Clear();
        forbiddenTokens.Clear();
        for (int row = 0; row < choices.Count; row++)
        {
            foreach (int token in choices[row].Forbidden.Span)
            {
                forbiddenRows.Add(row);
                forbiddenTokens.Add(token);
            }
        }

        if (forbiddenRows.Count > 0)
        {
            script.invoke("forbid", scores, torch.tensor(forbiddenRows, device: device), torch.tensor(forbiddenTokens, device: device));
        }
    }
}
