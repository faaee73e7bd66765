using Orleans.Runtime;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Resources;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>A mailbox under protection. Its life is that of every resource; its work is a <see cref="MailboxWorkload"/>.</summary>
internal sealed class MailboxGrain(
    [PersistentState("resource", StateStores.Default)] IPersistentState<ResourceState> storage, ResourceServices services)
    : ResourceGrain(storage, services), IMailboxGrain;
