//! neuronc in another program: a network is made once, then evaluated many times.

use neuronc::{Inputs, Limits, Path, Scratch, Sources, Wanted, evaluate, parse, plan, resolve};

const TEXT: &str = "
input x1, x2 = 1.2
neuron c { activation = relu, bias = 0.5 }
[x1, x2] -> c : [1.0, 0.75]
output c
";

fn main() {
    let (mut sources, limits) = (Sources::new(), Limits::default());
    let file = sources.add("embedded.neuron", TEXT.into(), &limits).expect("it is UTF-8");
    let (program, mistakes) = parse(sources.get(file), &limits);
    let (network, more) = resolve(&program, sources.get(file), &limits);
    for mistake in mistakes.iter().chain(more.iter()) {
        println!("{}: {}", mistake.code, mistake.message);
    }
    let network = network.expect("it has no mistakes");
    let plan = plan(&network, Wanted::Outputs);

    // Nothing is allocated from the second evaluation on.
    let (mut inputs, mut scratch, mut outputs) = (Inputs::new(&network), Scratch::new(), [0.0]);
    for (x1, expected) in [(0.8, 2.2), (-1.0, 0.4), (-2.0, 0.0)] {
        inputs.set(&network, "x1", &[x1]).expect("there is such an input, of this size");
        let row = inputs.row(&network).expect("x2 has a default");
        evaluate(&network, &plan, row, &mut outputs, &mut scratch, Path::best());
        println!("c = {}", outputs[0]);
        assert!(f64::abs(outputs[0] - expected) < 1e-12);
    }
}
