using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Workloads.Models;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>Makes the grid of settings for a model, its accelerators and what the user says of the knobs.</summary>
public static class SettingSpaceBuilder
{
    private const int MaxGpuLimit = 10_000;

    /// <summary>Makes a grid. A knob with a single value is no axis; every setting has that value.</summary>
    /// <param name="request">What the grid is made from.</param>
    /// <returns>The grid, or every problem of the request.</returns>
    public static SettingSpaceResult Build(SettingSpaceRequest request)
    {
        KnobTexts texts = KnobTexts.Read(request.Knobs);
        List<Problem> problems = [.. texts.Problems, .. CheckRequest(request)];
        string[] modelNames = [.. texts.ValuesOf(KnobNames.Model) ?? [request.Model]];
        string[] gpuNames = [.. texts.ValuesOf(KnobNames.Gpu) ?? request.Gpus];
        EngineProfile? engine = Find(() => EngineCatalog.Find(request.Engine), problems);
        GpuDefinition[] gpus =
        [
            .. gpuNames.Select(name => Find(() => GpuCatalog.Find(name), problems)).OfType<GpuDefinition>()
                .Select(gpu => engine?.AcceleratorFor(gpu) ?? gpu),
        ];
        ModelDefinition[] models =
        [
            .. modelNames.Select(name => Find(() => ModelCatalog.Read(name, request.Folder), problems)).OfType<ModelDefinition>(),
        ];
        if (engine is null || gpus.Length == 0 || gpus.Length < gpuNames.Length || models.Length < modelNames.Length || models.Length == 0)
        {
            return new SettingSpaceResult(null, problems);
        }

        SettingAxes axes = new(texts, problems)
        {
            Models = models,
            Gpus = gpus,
            Engine = engine,
            Request = request with { GpuLimit = Math.Clamp(request.GpuLimit, 1, MaxGpuLimit) },
            ModelNames = modelNames,
            GpuNames = gpuNames,
        };
        SettingAxis[] all = [.. axes.All()];
        return problems.Count > 0 ? new SettingSpaceResult(null, problems) : new SettingSpaceResult(SpaceOf(request, all), []);
    }

    /// <summary>Every text of knobs that cannot be read, whatever the model and the accelerators are.</summary>
    /// <param name="knobs">The texts, as in <see cref="SettingSpaceRequest.Knobs"/>.</param>
    public static IReadOnlyList<Problem> CheckKnobs(IReadOnlyList<string> knobs) => KnobTexts.Read(knobs).Problems;

    private static SettingSpace SpaceOf(SettingSpaceRequest request, SettingAxis[] all)
    {
        ServingSetting start = new() { Gpu = request.Gpus[0], Engine = request.Engine, Model = request.Model };
        foreach (SettingAxis single in all.Where(axis => axis.Values.Count == 1))
        {
            start = single.Values[0].Apply(start);
        }

        SettingAxis[] varied = [.. all.Where(axis => axis.Values.Count > 1)];
        return new SettingSpace(start, varied.Length > 0 ? varied : [all.Single(axis => axis.Name == KnobNames.GpuClock)]);
    }

    private static IEnumerable<Problem> CheckRequest(SettingSpaceRequest request)
    {
        if (request.GpuLimit is < 1 or > MaxGpuLimit)
        {
            yield return new Problem("--gpus", request.GpuLimit, "a whole number in [1, 10000]");
        }

        if (request.Gpus.Count == 0)
        {
            yield return new Problem("--gpu", null, $"at least one kind of accelerator: one of {string.Join(", ", GpuCatalog.Names)}");
        }
    }

    private static T? Find<T>(Func<T> find, List<Problem> problems)
        where T : class
    {
        T? found = null;
        problems.AddRange(InvalidInputException.ProblemsOf(() =>
        {
            found = find();
            return [];
        }));
        return found;
    }
}
