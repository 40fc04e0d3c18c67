using System.Runtime.CompilerServices;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;
using GreenServe.Simulation.Hardware;
using GreenServe.Simulation.Physics;
using GreenServe.Workloads.Models;

namespace GreenServe.Simulation.Clusters;

/// <summary>Step models of the settings that the instances of a cluster had, so that each is made once.</summary>
internal sealed class StepModelCache
{
    private readonly Dictionary<Key, StepModel> models = [];

    /// <summary>The step model of an instance.</summary>
    internal StepModel Of(SimulatedSystem system)
    {
        Key key = new(system.Model, system.Gpu, system.GpuCount, system.Engine, system.Host, system.Knobs);
        if (!models.TryGetValue(key, out StepModel? model))
        {
            models[key] = model = system.StepModel();
        }

        return model;
    }

    /// <summary>A setting. Documents are the same only if they are the same object, since comparing their contents takes long.</summary>
    private readonly record struct Key(
        ModelDefinition Model, GpuDefinition Gpu, int GpuCount, EngineProfile Engine, HostSpeed? Host, Knobs Knobs)
    {
        public bool Equals(Key other) => ReferenceEquals(Model, other.Model) && ReferenceEquals(Gpu, other.Gpu)
            && GpuCount == other.GpuCount && ReferenceEquals(Engine, other.Engine) && ReferenceEquals(Host, other.Host)
            && Knobs == other.Knobs;

        public override int GetHashCode() => HashCode.Combine(
            RuntimeHelpers.GetHashCode(Model), RuntimeHelpers.GetHashCode(Gpu), RuntimeHelpers.GetHashCode(Engine), Knobs);
    }
}
