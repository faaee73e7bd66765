using Orleans.Hosting;

namespace OrleansBackup.Benchmarks.Engine;

/// <summary>The bundled engine, which knows one machine only. Built when ActorRuntime is Bundled.</summary>
internal static class EngineOfTheBuild
{
    public const string Name = "bundled engine";

    public static ISiloBuilder UseOneMachine(this ISiloBuilder silo) => silo;
}
