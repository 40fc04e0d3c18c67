using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Validation.Protocols;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Validation;

/// <summary>Finds the definitions that a measured point refers to. Definitions can be replaced, to try other constants.</summary>
internal sealed class PointCatalog
{
    /// <summary>The catalog in which what a user states stands in place of what points refer to.</summary>
    /// <param name="stated">What the user states.</param>
    /// <exception cref="InvalidInputException">There is no accelerator or engine profile of a name that is stated.</exception>
    internal static PointCatalog With(StatedSystem stated)
    {
        GpuDefinition? gpu = stated.Gpu is null ? null : GpuCatalog.Find(stated.Gpu);
        EngineProfile? engine = stated.Engine is null ? null : EngineCatalog.Find(stated.Engine);
        return new PointCatalog
        {
            Adjust = found => gpu ?? found,
            AnyStack = engine,
            AnyModel = stated.Model,
        };
    }

    /// <summary>A point as it is simulated, with the model and the stack that are stated in place of its own.</summary>
    /// <param name="point">The point.</param>
    internal MeasuredPoint Stated(MeasuredPoint point) =>
        point with { Model = AnyModel ?? point.Model, Stack = point.Stack ?? AnyStack?.Name };

    /// <summary>Replaces an accelerator of the catalog.</summary>
    internal Func<GpuDefinition, GpuDefinition> Adjust { get; init; } = gpu => gpu;

    /// <summary>The engine profile of every point, whatever its stack; <c>null</c> where the stack of a point decides.</summary>
    internal EngineProfile? AnyStack { get; init; }

    /// <summary>Name of the model of every point; <c>null</c> where each point names its own.</summary>
    internal string? AnyModel { get; init; }

    /// <summary>The accelerator of a point; <c>null</c> if it is not known.</summary>
    internal GpuDefinition? Gpu(MeasuredPoint point) => GpuCatalog.TryFind(point.Gpu) is { } gpu ? Adjust(gpu) : null;

    /// <summary>The engine profile that stands for the stack of a protocol.</summary>
    internal EngineProfile Engine(MeasurementProtocol protocol) => AnyStack ?? EngineCatalog.Find(protocol.Engine);

    /// <summary>The protocol of a point: the one that it names, or the one of its source and stack; <c>null</c> if none is known.</summary>
    /// <exception cref="InvalidInputException">The point names a protocol that does not exist.</exception>
    internal MeasurementProtocol? Protocol(MeasuredPoint point) =>
        point.Protocol is { } name ? ProtocolCatalog.Find(name)
        : ProtocolCatalog.FindFor(point.Source, point.Stack) ?? (AnyStack is null ? null : ProtocolCatalog.General);

    /// <summary>The model of a point; <c>null</c> if it is not known. Text that a source adds in brackets is ignored.</summary>
    internal static ModelDefinition? Model(MeasuredPoint point)
    {
        int bracket = point.Model.IndexOf(" (", StringComparison.Ordinal);
        return ModelCatalog.Find(bracket < 0 ? point.Model : point.Model[..bracket]);
    }

    /// <summary>The number format of a point; <c>null</c> if it is not modelled.</summary>
    internal static Precision? PrecisionOf(MeasuredPoint point) => point.Precision switch
    {
        null or "bf16" or "fp16" => Precision.Bf16,
        "fp8" => Precision.Fp8,
        "fp4" or "nvfp4" or "mxfp4" => Precision.Fp4,
        _ => null,
    };

    /// <summary>
    /// The reason why the model, accelerator, number format, clock or load of a point cannot be simulated; <c>null</c> if all are known.
    /// </summary>
    internal static string? SkipReason(MeasuredPoint point) =>
        GpuCatalog.TryFind(point.Gpu) is null ? $"unknown GPU '{point.Gpu}'"
        : Model(point) is null ? $"unknown model '{point.Model}'"
        : PrecisionOf(point) is null ? $"precision '{point.Precision}' is not modelled"
        : point.ChangingClock is { } clock ? $"clock '{clock}', want one number of MHz"
        : point.Load is { } load && PointLoad.Parse(load) is null
            ? $"load '{load}', want batch N, concurrency N, avg batch N or saturated"
        : null;
}
