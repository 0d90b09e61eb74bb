// danfojs-node asks for @tensorflow/tfjs-node; give it the one TensorFlow.js this project already uses.
let tf;
try {
  tf = require("@tensorflow/tfjs-node-gpu");
} catch {
  tf = require("@tensorflow/tfjs");
}
module.exports = tf;
