using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Grains.Resources;

/// <summary>What every resource grain works with, so that a new kind of resource brings its key and its parts only.</summary>
internal sealed class ResourceServices(
    IResourceBackup backup,
    AdmissionGate gate,
    VaultAccess vault,
    BackupSchedule schedule,
    ContractCalendar calendar,
    IOptions<RunOptions> options,
    IOptions<BrakeOptions> brake,
    TimeProvider time,
    ILoggerFactory logs)
{
    public AdmissionGate Gate => gate;

    public VaultAccess Vault => vault;

    public BackupSchedule Schedule => schedule;

    public ContractCalendar Calendar => calendar;

    public RunOptions Options => options.Value;

    public BrakeOptions Brake => brake.Value;

    public TimeProvider Time => time;

    public ILogger<T> Log<T>() => logs.CreateLogger<T>();

    public IResourceBackup Backup => backup;
}
